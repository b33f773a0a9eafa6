//! robots.txt, as RFC 9309 has it: what a site does not want read by programs.

use super::client::AGENT;

/// The rules that are for this program: those of its own name, or else those for all.
#[derive(Debug, Default)]
pub(super) struct Robots {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    allows: bool,
    pattern: String,
}

impl Robots {
    /// Reads the rules of a file.
    pub(super) fn parse(text: &str) -> Self {
        let (mut own, mut for_all) = (None, Vec::new());
        // A group begins with names, several of them perhaps, and goes on with rules.
        let (mut is_own, mut is_for_all, mut is_naming) = (false, false, false);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            if key == "user-agent" {
                if !is_naming {
                    (is_own, is_for_all, is_naming) = (false, false, true);
                }
                let named = value.split('/').next().unwrap_or_default().trim();
                if named.eq_ignore_ascii_case(AGENT) {
                    is_own = true;
                    own.get_or_insert_with(Vec::new);
                }
                is_for_all |= named == "*";
                continue;
            }
            let allows = match key.as_str() {
                "allow" => true,
                "disallow" => false,
                _ => continue,
            };
            is_naming = false;
            if value.is_empty() {
                continue;
            }
            let rule = Rule {
                allows,
                pattern: value.to_owned(),
            };
            if is_for_all {
                for_all.push(rule.clone());
            }
            if let (true, Some(own)) = (is_own, &mut own) {
                own.push(rule);
            }
        }
        Self {
            rules: own.unwrap_or(for_all),
        }
    }

    /// Whether a path, with its query, may be read: the longest rule that matches decides, and of two as long the one that allows.
    pub(super) fn allow(&self, target: &str) -> bool {
        if target == "/robots.txt" {
            return true;
        }
        let target = if target.is_empty() { "/" } else { target };
        (self.rules.iter())
            .filter(|rule| rule.matches(target))
            .max_by_key(|rule| (rule.pattern.len(), rule.allows))
            .is_none_or(|rule| rule.allows)
    }
}

impl Rule {
    /// Whether it is for a path: it is the path's beginning, where `*` stands for anything and a `$` at its end for the path's end.
    fn matches(&self, target: &str) -> bool {
        let (pattern, is_whole) = match self.pattern.strip_suffix('$') {
            Some(pattern) => (pattern, true),
            None => (self.pattern.as_str(), false),
        };
        let mut parts = pattern.split('*');
        let Some(mut rest) = target.strip_prefix(parts.next().unwrap_or_default()) else {
            return false;
        };
        let mut parts: Vec<&str> = parts.collect();
        let last = if is_whole { parts.pop() } else { None };
        for part in parts {
            // The first place is as good as any: what follows has the most room.
            let Some(place) = rest.find(part) else {
                return false;
            };
            rest = rest.get(place + part.len()..).unwrap_or_default();
        }
        match last {
            Some(last) => rest.ends_with(last),
            None => !is_whole || rest.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, allowed: &[&str], disallowed: &[&str]) {
        let robots = Robots::parse(text);
        for target in allowed {
            assert!(robots.allow(target), "{target}");
        }
        for target in disallowed {
            assert!(!robots.allow(target), "{target}");
        }
    }

    #[test]
    fn the_longest_rule_decides() {
        check(
            "User-agent: *\nDisallow: /prive/ # rien\nAllow: /prive/liste\nDisallow: /*.php$\nDisallow: /a*b/\n",
            &[
                "/",
                "",
                "/prive/liste.pdf",
                "/x.php5",
                "/a/c",
                "/robots.txt",
            ],
            &["/prive/", "/prive/x", "/x.php", "/axxb/c"],
        );
    }

    #[test]
    fn rules_of_the_own_name_go_before_those_for_all() {
        let text =
            "User-agent: *\nDisallow: /\n\nUser-agent: autre\nUser-agent: Palmares\nDisallow: /x\n";
        check(text, &["/", "/y"], &["/x"]);
        check("User-agent: *\nDisallow:\n", &["/", "/x"], &[]);
        check("User-agent: autre\nDisallow: /\n", &["/"], &[]);
        check("User-agent: palmares\nUser-agent: autre\n", &["/"], &[]);
        check("<html>rien</html>", &["/"], &[]);
    }
}
