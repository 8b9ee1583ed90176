//! The proxy that the environment, or the system's settings, put between us and the internet.

use crate::provider::is_loopback;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

/// Host and port of the proxy through which `url` is reached; never its password. It is found
/// by the same rules, from the same places, as by the connections themselves. What is on this
/// computer is reached without one, whatever the environment says.
pub fn proxy_of(url: &str) -> Option<String> {
    if is_loopback(&Url::parse(url).ok()?) {
        return None;
    }
    shown(&Matcher::from_system(), url)
}

fn shown(matcher: &Matcher, url: &str) -> Option<String> {
    let found = matcher.intercept(&url.parse().ok()?)?;
    let proxy = found.uri();
    let port = proxy.port_u16().unwrap_or(match proxy.scheme_str() {
        Some("https") => 443,
        Some("http") => 80,
        _ => 1080,
    });
    Some(format!("{}:{port}", proxy.host()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_shown_by_host_and_port_alone() {
        for (proxy, shows) in [
            ("http://proxy.example:3128", "proxy.example:3128"),
            ("http://me:secret@proxy.example", "proxy.example:80"),
            ("https://proxy.example", "proxy.example:443"),
            ("proxy.example:8080", "proxy.example:8080"),
        ] {
            let matcher = Matcher::builder().https(proxy).no("inside.example").build();
            assert_eq!(shown(&matcher, "https://a.example/v1").as_deref(), Some(shows), "{proxy}");
            assert_eq!(shown(&matcher, "https://b.inside.example/v1"), None, "{proxy}");
        }
        assert_eq!(shown(&Matcher::builder().build(), "https://a.example"), None);
    }
}
