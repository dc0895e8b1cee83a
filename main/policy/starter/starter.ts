// The text of starter.cedar, so that it is in the bundle: a test holds the two together. `countersign policy starter`
// prints it, and a first run can take it from here.

export const STARTER_TEXT = `// Countersign starter policy: useful on the first day, strict about what it does not know.
//
// Three kinds of rule, and nothing else to learn:
//   permit (...) when { ... };                               runs at once
//   forbid (...) when { ... } unless { context.approved };   held until people have approved
//   forbid (...) when { ... };                               never
// A rule that holds beats one that permits; one that forbids beats both. What no rule covers is held, at tier medium.
// Try a change before you use it: countersign policy check FILE, then test, explain and rehearse.

// ---- At once -----------------------------------------------------------------------------------------------------

@id("read-at-once")
@tier("low")
@reason("It only reads.")
permit (principal is Agent, action, resource)
when {
  context.capabilities.contains("read") &&
  ["read", "network"].containsAll(context.capabilities) &&
  !context.unknown
}
unless {
  context.secretPath || context.publicHost || context.interactive || context.wrappers.contains("sudo")
};

// ---- Held, lightly: one click, or from the notification ---------------------------------------------------------------

@id("write-here")
@tier("low")
@reason("It writes inside the working folder.")
forbid (principal is Agent, action, resource)
when {
  context.capabilities.contains("write") &&
  ["read", "write"].containsAll(context.capabilities) &&
  resource.environment != "production" &&
  !context.unknown && !context.writesOutside
}
unless { context.approved };

// ---- Held: one click, once all of it has been on screen -----------------------------------------------------------------

@id("not-understood")
@tier("medium")
@reason("Part of it is not understood.")
forbid (principal is Agent, action, resource)
when { context.unknown }
unless { context.approved };

@id("publish-commits")
@tier("medium")
@reason("It publishes commits.")
forbid (principal is Agent, action, resource)
when { context.commands == ["git push"] && !context.force }
unless { context.approved };

@id("change-production")
@tier("medium")
@reason("It changes something in production.")
forbid (principal is Agent, action, resource)
when {
  resource.environment == "production" &&
  !["read", "network"].containsAll(context.capabilities)
}
unless { context.approved };

// ---- Held higher: press and hold, with a reason ------------------------------------------------------------------------

@id("destroy")
@tier("high")
@reason("It deletes something, or rewrites what happened.")
forbid (principal is Agent, action, resource)
when { context.capabilities.containsAny(["delete", "history"]) || context.sqlUnbounded }
unless { context.approved };

@id("change-rights")
@tier("high")
@reason("It changes rights, or acts with more of them.")
forbid (principal is Agent, action, resource)
when { context.capabilities.containsAny(["permission", "privilege"]) }
unless { context.approved };

// Pushing commits is held at medium: see publish-commits.
@id("take-out")
@tier("high")
@reason("It sends something out.")
forbid (principal is Agent, action, resource)
when {
  context.capabilities.containsAny(["export", "upload"]) &&
  !(context.commands == ["git push"] && !context.force)
}
unless { context.approved };

@id("change-system")
@tier("high")
@reason("It changes files of the system.")
forbid (principal is Agent, action, resource)
when { context.writesOutside && context.systemPath }
unless { context.approved };

@id("touch-secrets")
@tier("high")
@reason("It touches secrets.")
forbid (principal is Agent, action, resource)
when { context.capabilities.contains("secret") || context.secretPath || context.secrets > 0 }
unless { context.approved };

@id("not-understood-in-production")
@tier("high")
@reason("Part of it is not understood, and it is in production.")
forbid (principal is Agent, action, resource)
when { context.unknown && resource.environment == "production" }
unless { context.approved };

// ---- Never -------------------------------------------------------------------------------------------------------------

@id("never-the-whole-disk")
@reason("It would delete the whole disk, or change rights on all of it.")
forbid (principal is Agent, action, resource)
when {
  context.rootPath && context.recursive &&
  context.capabilities.containsAny(["delete", "permission"])
};
`;
