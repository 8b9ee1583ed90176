//! Addresses that a key may be sent to.

use std::net::IpAddr;
use url::{Host, Url};

/// An address that requests may be sent to: `https`, or `http` on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// Why an address is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// Not an absolute URL.
    #[error("this is not a web address; it should look like https://example.com/v1")]
    NotAUrl,
    /// A scheme other than http and https.
    #[error("the address must begin with https:// (or http:// for this computer)")]
    Scheme,
    /// Plain http to another machine.
    #[error(
        "http:// would send the key and the text unprotected over the network; \
         only this computer may be reached that way, so use https://"
    )]
    Unprotected,
    /// A name or password inside the address.
    #[error("the address must not contain a user name or password; the key has its own field")]
    UserInfo,
    /// A query or fragment.
    #[error("the address must not contain ? or #; keys in addresses end up in logs")]
    Query,
}

impl BaseUrl {
    /// Reads an address as people paste it: with or without a version such as `/v1`, a slash at
    /// its end, or the path of the chat call itself.
    pub fn parse(text: &str) -> Result<BaseUrl, BaseUrlError> {
        let mut url = Url::parse(text.trim()).map_err(|_| BaseUrlError::NotAUrl)?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(BaseUrlError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::Query);
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(BaseUrlError::Unprotected);
        }
        let path = url.path().trim_end_matches('/');
        let call = CALLS.iter().find_map(|call| path.strip_suffix(call));
        let path = call.unwrap_or(path).to_owned();
        url.set_path(&path);
        Ok(BaseUrl(url))
    }

    /// The address of `call`: below this one as it is, or below `version` of a bare host.
    pub fn join(&self, version: &str, call: &str) -> String {
        let base = self.as_str();
        if self.0.path() == "/" {
            format!("{base}/{version}/{call}")
        } else {
            format!("{base}/{call}")
        }
    }

    /// The address of `call` below `version` of the server that this is an address of, whichever
    /// version it names itself.
    pub fn join_root(&self, version: &str, call: &str) -> String {
        let base = self.as_str();
        let root = VERSIONS.iter().find_map(|version| base.strip_suffix(version)).unwrap_or(base);
        format!("{root}/{version}/{call}")
    }

    /// Scheme, host and port: what a key belongs to.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The host's name, or its number.
    pub fn host(&self) -> Option<&str> {
        self.0.host_str()
    }

    /// Whether it never leaves this computer.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// The address as text, with no slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }
}

/// The ends of addresses that people paste whole from an example of a call.
const CALLS: [&str; 4] = ["/chat/completions", "/responses", "/messages", "/chat"];
/// The ends that name a version of an API.
const VERSIONS: [&str; 3] = ["/v1", "/v1beta", "/api"];

/// Whether an address leads back to this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_paste_them() {
        for (pasted, read, chat) in [
            ("https://example.com", "https://example.com", "https://example.com/v1/c"),
            (" https://example.com/ ", "https://example.com", "https://example.com/v1/c"),
            ("https://example.com/v1/", "https://example.com/v1", "https://example.com/v1/c"),
            ("https://a.com/openai/v1", "https://a.com/openai/v1", "https://a.com/openai/v1/c"),
            ("https://a.com/v1/chat/completions", "https://a.com/v1", "https://a.com/v1/c"),
            ("http://localhost:1234/v1", "http://localhost:1234/v1", "http://localhost:1234/v1/c"),
            ("http://127.0.0.2:80", "http://127.0.0.2", "http://127.0.0.2/v1/c"),
            ("http://[::1]:9/v1", "http://[::1]:9/v1", "http://[::1]:9/v1/c"),
        ] {
            let base = BaseUrl::parse(pasted).expect(pasted);
            assert_eq!(base.as_str(), read, "{pasted}");
            assert_eq!(base.join("v1", "c"), chat, "{pasted}");
        }
        for (pasted, call) in [
            ("https://example.com", "https://example.com/api/c"),
            ("https://example.com/v1", "https://example.com/api/c"),
            ("https://example.com/api/chat", "https://example.com/api/c"),
            ("https://example.com/proxy/v1beta", "https://example.com/proxy/api/c"),
        ] {
            let base = BaseUrl::parse(pasted).expect(pasted);
            assert_eq!(base.join_root("api", "c"), call, "{pasted}");
        }
    }

    #[test]
    fn unsafe_addresses_are_refused_with_their_reason() {
        for (pasted, reason) in [
            ("example.com", BaseUrlError::NotAUrl),
            ("ftp://example.com", BaseUrlError::Scheme),
            ("file:///etc/passwd", BaseUrlError::Scheme),
            ("http://example.com/v1", BaseUrlError::Unprotected),
            ("http://10.0.0.1/v1", BaseUrlError::Unprotected),
            ("http://localhost.example.com", BaseUrlError::Unprotected),
            ("https://me:secret@example.com", BaseUrlError::UserInfo),
            ("https://example.com/v1?key=1", BaseUrlError::Query),
        ] {
            assert_eq!(BaseUrl::parse(pasted), Err(reason), "{pasted}");
        }
    }

    #[test]
    fn a_key_belongs_to_scheme_host_and_port() {
        let origin = |url: &str| BaseUrl::parse(url).expect(url).origin();
        assert_eq!(origin("https://a.example/v1"), origin("https://A.example:443/other"));
        assert_ne!(origin("https://a.example"), origin("https://a.example:8443"));
        assert_ne!(origin("http://localhost:1"), origin("https://localhost:1"));
    }
}
