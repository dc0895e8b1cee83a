// Typesetters, converters and viewers of documents; some of their languages run commands.

import type { Table } from '../spec.ts';

export const DOCUMENTS: Table = {
  'tex|latex|pdftex|pdflatex|xetex|xelatex|luatex|lualatex|context|latexmk|tectonic|texi2dvi|texi2pdf|etex|platex|uplatex|dvips|bibtex|biber|makeindex|pdfcrop|texconfig|fmtutil|mktexfmt|latexpand|groff|nroff|troff|man2html|gropdf|lyx|texmaker|ghostscript|gs|ps2pdf|pdf2ps|ps2ps|pstopdf|a2ps|mpage|psnup|ipe|asy|mpost|metapost':
    'read write execute @opaque -* -shell-escape/--shell-escape/-enable-write18+execute -pdflatex/-latex=sh+execute -output-directory=w -o=w -jobname=any -interaction=any -e=code -r=code',
  'groff|nroff|troff|a2ps|enscript': 'read execute @r -* -U -S -T=any -m=any -F=r -M=r',
  'pandoc|jupyter-nbconvert|nbconvert|markdown|multimarkdown|cmark|kramdown|discount|asciidoc|docutils|mdbook|wkhtmltopdf|weasyprint|prince|md-to-clip|markdown2pdf|presenterm|slides|mdp|libreoffice|soffice|unoconv|abiword|antiword|catdoc|docx2txt|odt2txt|gnumeric|ssconvert|calibredb|ebook-meta|fbreader|pdftotext|pdftoppm|pdftohtml|pdfseparate|pdfunite|pdfinfo|pdfimages|pdffonts|pdfjam|pdfbook2|pdftk|qpdf|mutool|cpdf|ocrmypdf|tesseract|img2pdf|djvups|ddjvu|djvudigital|pdf2svg|pdf2djvu|stapler|hocr2pdf|unpaper|grip|critique|freeze|carbon-now|detex|untex|rtf2html|html2text|html2markdown|urlview|htmldoc|recode|uni2ascii|konwert|chardet|pdf-parser|peepdf|paperkey|qrencode|zbarimg|zint|barcode|boxes|cowfile|drawing|hledger|ledger|beancount|bean-check|rabbit|patat|mdless|vhs':
    'read write @rw -* -o/--output=w -t/--to/-f/--from=any -L/--lua-filter=x+execute -F/--filter=x+execute --template=r --add-attachment=r -dest=w -i=r',
  pandoc:
    'read write @r -* -o/--output=w -t/--to/-w/--write=any -f/--from/-r/--read=any -L/--lua-filter=x+execute -F/--filter=x+execute --pdf-engine=sh+execute --extract-media=w --data-dir=r --defaults/-d=x --template=r --include-in-header/-H/-B/-A=r',
  'pdfinfo|pdffonts|pdfimages|html2text|antiword|catdoc|docx2txt|odt2txt|detex|chardet|zbarimg|hledger|ledger|bean-check':
    'read @r,w -* -o=w',
  'cupsfilter|ppdc|ppdi': 'read write @r -* -i=any -m=any -o=any -p=r --list-filters',
  'efax|fax|sendfax|hylafax|minimodem': 'read network upload @r -* -d=r -t=any',
  'openscad|freecad|kicad-cli|fritzing|qgis|gdalwarp|gdal_translate|ogr2ogr|ogrinfo|gdalinfo|osmium|osmconvert|fitstopnm|meshlabserver|assimp|slic3r|prusa-slicer|cura':
    'read write @rw -* -o=w -e=code -s=x',
};
