//! Asks one server at a time for one thing at a time. In: an address; out: bytes within the limits, and where they were found in the end.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use fluent_uri::{Uri, UriRef};
use palmares::message;
use palmares::message::{Message, of_system, verbatim};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use ureq::config::Config;
use ureq::http::{self, Response};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};

use super::robots::Robots;
use super::told;

/// How often one address may lead to the next.
const MAX_REDIRECTS: usize = 10;

/// Bytes of a robots.txt that are read: RFC 9309 asks for no more.
const MAX_ROBOTS: u64 = 500 * 1024;

/// How this program names itself to servers, and in the rules of their robots.txt.
pub(super) const AGENT: &str = "palmares";

/// What was fetched.
pub(super) struct Fetched {
    /// Where it was found in the end.
    pub(super) address: String,
    /// What the server said of it.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) bytes: Vec<u8>,
}

/// Why nothing was fetched. The text completes "cannot fetch `ADDRESS`: ".
#[derive(Debug)]
pub(super) enum Failure {
    NoAddress(Message),
    Scheme(String),
    Password,
    Private { host: String, ip: IpAddr },
    Robots(String),
    NoRobots(String, Message),
    Status(u16),
    Redirects,
    TooLarge(u64),
    OutOfTime(u64),
    Network(Message),
    Kind(Message),
    Io(io::Error),
}

impl Failure {
    /// What is wrong.
    pub(super) fn message(&self) -> Message {
        match self {
            Self::NoAddress(what) => message!("it is no address: {what}", what),
            Self::Scheme(scheme) => message!("`{scheme}` is neither http nor https", scheme),
            Self::Password => message!("it holds a password"),
            Self::Private { host, ip } => message!(
                "`{host}` is at {ip}, in the own network",
                host,
                ip = ip.to_string()
            ),
            Self::Robots(host) => message!(
                "robots.txt of `{host}` does not want it read by programs",
                host
            ),
            Self::NoRobots(host, why) => {
                message!("robots.txt of `{host}` cannot be read: {why}", host, why)
            }
            Self::Status(status) => {
                message!("the server answered {status}", status = u32::from(*status))
            }
            Self::Redirects => message!(
                "it leads from address to address, more than {most} times",
                most = MAX_REDIRECTS
            ),
            Self::TooLarge(limit) => message!("it has more than {limit} bytes", limit = *limit),
            Self::OutOfTime(seconds) => {
                message!("it took more than {seconds} s", seconds = *seconds)
            }
            Self::Network(what) => what.clone(),
            Self::Kind(what) => message!("it is {what}, not a document", what),
            Self::Io(error) => of_system(error),
        }
    }

    /// What the reader can do about it.
    pub(super) fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::NoAddress(_) | Self::Scheme(_) => {
                message!("an address begins with `https://` or `http://`")
            }
            Self::Password => message!("save the document with a browser that is logged in"),
            Self::Private { .. } => message!("`--allow-private` fetches from there, too"),
            Self::Robots(_) => message!("ask its publisher, or save it with a browser"),
            Self::NoRobots(..) => message!("try again later: what a site wants is asked first"),
            Self::TooLarge(_) => message!("raise `bytes` under [limits] in palmares.toml"),
            Self::OutOfTime(_) => message!("raise `--timeout`"),
            Self::Kind(_) => message!("look at what the address shows in a browser"),
            Self::Status(_) | Self::Redirects | Self::Network(_) | Self::Io(_) => return None,
        })
    }
}

/// A client: it keeps one connection a host, and what each host's robots.txt says.
pub(super) struct Client {
    agent: Agent,
    timeout: Duration,
    largest: u64,
    robots: BTreeMap<String, Robots>,
}

impl Client {
    /// A client that connects where `is_allowed` says.
    pub(super) fn new(timeout: Duration, largest: u64, is_allowed: fn(IpAddr) -> bool) -> Self {
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            // A proxy would look names up itself, and nothing here would see where they lead.
            .proxy(None)
            .max_idle_connections_per_host(1)
            .user_agent(concat!("palmares/", env!("CARGO_PKG_VERSION")))
            .accept("text/html, application/pdf, */*;q=0.8")
            .build();
        let resolver = Guarded {
            inner: DefaultResolver::default(),
            is_allowed,
        };
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), resolver),
            timeout,
            largest,
            robots: BTreeMap::new(),
        }
    }

    /// Fetches a document from where an address leads.
    pub(super) fn fetch(&mut self, address: &str) -> Result<Fetched, Failure> {
        let deadline = Instant::now() + self.timeout;
        let mut address = parsed(address)?;
        for _ in 0..=MAX_REDIRECTS {
            self.ensure_wanted(&address, deadline)?;
            let response = self.ask(&address, deadline)?;
            if let Some(next) = redirected(&address, &response)? {
                address = next;
                continue;
            }
            let status = response.status();
            if !status.is_success() {
                return Err(Failure::Status(status.as_u16()));
            }
            let headers = told(response.headers());
            let bytes = self.body(response, self.largest)?;
            return Ok(Fetched {
                address: address.into_string(),
                headers,
                bytes,
            });
        }
        Err(Failure::Redirects)
    }

    /// An error where the site does not want it read. A site without rules wants all of it read, one that cannot say nothing.
    fn ensure_wanted(&mut self, address: &Uri<String>, deadline: Instant) -> Result<(), Failure> {
        let host = host_of(address);
        let site = format!("{}://{host}", address.scheme().as_str());
        if !self.robots.contains_key(&site) {
            let rules = self
                .robots(&site, deadline)
                .map_err(|failure| match failure {
                    Failure::Private { .. } | Failure::OutOfTime(_) => failure,
                    other => Failure::NoRobots(host.clone(), other.message()),
                })?;
            self.robots.insert(site.clone(), rules);
        }
        let path = address.path().as_str();
        let target = match address.query() {
            Some(query) => format!("{path}?{}", query.as_str()),
            None => path.to_owned(),
        };
        let is_wanted = (self.robots.get(&site)).is_none_or(|robots| robots.allow(&target));
        if is_wanted {
            Ok(())
        } else {
            Err(Failure::Robots(host))
        }
    }

    fn robots(&self, site: &str, deadline: Instant) -> Result<Robots, Failure> {
        let mut address = parsed(&format!("{site}/robots.txt"))?;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.ask(&address, deadline)?;
            if let Some(next) = redirected(&address, &response)? {
                address = next;
                continue;
            }
            let status = response.status();
            if status.is_client_error() {
                return Ok(Robots::default());
            }
            if !status.is_success() {
                return Err(Failure::Status(status.as_u16()));
            }
            let mut bytes = Vec::new();
            let read = response
                .into_body()
                .into_reader()
                .take(MAX_ROBOTS)
                .read_to_end(&mut bytes);
            read.map_err(|error| self.of_io(&error))?;
            return Ok(Robots::parse(&String::from_utf8_lossy(&bytes)));
        }
        Err(Failure::Redirects)
    }

    fn ask(&self, address: &Uri<String>, deadline: Instant) -> Result<Response<Body>, Failure> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(self.out_of_time());
        }
        self.agent
            .get(address.as_str())
            .config()
            .timeout_global(Some(left))
            .build()
            .call()
            .map_err(|error| self.of_network(error))
    }

    /// The bytes of an answer, no more than these.
    fn body(&self, response: Response<Body>, largest: u64) -> Result<Vec<u8>, Failure> {
        let body = response.into_body();
        if body.content_length().is_some_and(|length| length > largest) {
            return Err(Failure::TooLarge(largest));
        }
        let mut bytes = Vec::new();
        let read = body
            .into_reader()
            .take(largest.saturating_add(1))
            .read_to_end(&mut bytes);
        read.map_err(|error| self.of_io(&error))?;
        if bytes.len() as u64 > largest {
            return Err(Failure::TooLarge(largest));
        }
        Ok(bytes)
    }

    fn out_of_time(&self) -> Failure {
        Failure::OutOfTime(self.timeout.as_secs())
    }

    fn of_network(&self, error: ureq::Error) -> Failure {
        match error {
            ureq::Error::Timeout(_) => self.out_of_time(),
            ureq::Error::Io(error) => self.of_io(&error),
            ureq::Error::Other(other) => match other.downcast::<Private>() {
                Ok(private) => Failure::Private {
                    host: private.host,
                    ip: private.ip,
                },
                Err(other) => Failure::Network(verbatim(other.to_string())),
            },
            other => Failure::Network(verbatim(other.to_string())),
        }
    }

    fn of_io(&self, error: &io::Error) -> Failure {
        let is_late = error.kind() == io::ErrorKind::TimedOut
            || error
                .get_ref()
                .and_then(|cause| cause.downcast_ref::<ureq::Error>())
                .is_some_and(|cause| matches!(cause, ureq::Error::Timeout(_)));
        if is_late {
            self.out_of_time()
        } else {
            Failure::Network(of_system(error))
        }
    }
}

/// An address that may be asked for, without what only a browser looks at.
fn parsed(address: &str) -> Result<Uri<String>, Failure> {
    let address = encoded(address);
    let uri = Uri::parse(address.as_str())
        .map_err(|error| Failure::NoAddress(verbatim(error.to_string())))?;
    checked(uri.normalize())
}

/// An address as servers take it: people write letters with accents, and spaces.
fn encoded(address: &str) -> String {
    const SPACES: &AsciiSet = &CONTROLS.add(b' ');
    utf8_percent_encode(address.trim(), SPACES).to_string()
}

fn checked(mut uri: Uri<String>) -> Result<Uri<String>, Failure> {
    let scheme = uri.scheme().as_str();
    if !matches!(scheme, "http" | "https") {
        return Err(Failure::Scheme(scheme.to_owned()));
    }
    let Some(authority) = uri.authority().filter(|own| !own.host().is_empty()) else {
        return Err(Failure::NoAddress(message!("it names no host")));
    };
    if authority.has_userinfo() {
        return Err(Failure::Password);
    }
    uri.set_fragment(None);
    Ok(uri)
}

/// The host and port of an address.
fn host_of(address: &Uri<String>) -> String {
    address
        .authority()
        .map_or_else(String::new, |authority| authority.as_str().to_owned())
}

/// What is wrong with where an answer leads.
fn of_location(location: &str, error: &impl fmt::Display) -> Message {
    message!("`{location}`: {error}", location, error = error.to_string())
}

/// Where an answer leads, if it does.
fn redirected(
    address: &Uri<String>,
    response: &Response<Body>,
) -> Result<Option<Uri<String>>, Failure> {
    let Some(location) = (response.status().is_redirection())
        .then(|| response.headers().get(http::header::LOCATION))
        .flatten()
    else {
        return Ok(None);
    };
    let location = encoded(&String::from_utf8_lossy(location.as_bytes()));
    let next = UriRef::parse(location.as_str())
        .map_err(|error| Failure::NoAddress(of_location(&location, &error)))?
        .resolve_against(address)
        .map_err(|error| Failure::NoAddress(of_location(&location, &error)))?;
    checked(next.normalize()).map(Some)
}

/// Looks names up, and refuses those that lead into the own network: at every connection, whatever led to it.
#[derive(Debug)]
struct Guarded {
    inner: DefaultResolver,
    is_allowed: fn(IpAddr) -> bool,
}

#[derive(Debug)]
struct Private {
    host: String,
    ip: IpAddr,
}

impl fmt::Display for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is at {}", self.host, self.ip)
    }
}

impl std::error::Error for Private {}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &http::Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        // One is enough: whoever answers for a name may answer otherwise the next time.
        match found.iter().find(|found| !(self.is_allowed)(found.ip())) {
            Some(found) => Err(ureq::Error::Other(Box::new(Private {
                host: uri.host().unwrap_or_default().to_owned(),
                ip: found.ip(),
            }))),
            None => Ok(found),
        }
    }
}

/// Whether an address belongs to the whole world: not to this machine, its network, or a purpose of its own.
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || a == 0
        // Multicast, reserved, broadcast.
        || a >= 224
        // Addresses of providers' own networks, of protocols, of measurements, of relays.
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a == 198 && (b == 18 || b == 19))
        || (a, b, c) == (192, 88, 99))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, .., high, low] = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    if let Some(mapped) = ip.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    match (first, second) {
        // Translated addresses lead where those of version 4 do.
        (0x64, 0xff9b) => is_public_v4(v4(high, low)),
        (0x2002, _) => is_public_v4(v4(second, ip.segments()[2])),
        // Tunnels, and what is for documentation.
        (0x2001, 0 | 0xdb8) => false,
        // The only block that was handed out.
        _ => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_own_network_are_told_in_every_spelling() {
        let private = [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "ff02::1",
        ];
        for ip in private {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "1.1.1.1",
            "100.128.0.1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
        ] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    /// A redirect from where one may connect to where one may not.
    #[test]
    fn every_connection_is_looked_at_whatever_led_to_it() {
        use std::io::{BufRead, BufReader, Write};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            for answer in [
                "404 Not Found\r\n".to_owned(),
                format!(
                    "302 Found\r\nLocation: http://127.0.0.2:{}/\r\n",
                    address.port()
                ),
            ] {
                let mut line = String::new();
                while lines.read_line(&mut line).unwrap() > 2 {
                    line.clear();
                }
                write!(stream, "HTTP/1.1 {answer}Content-Length: 0\r\n\r\n").unwrap();
            }
        });
        let is_first = |ip: IpAddr| ip == IpAddr::V4(Ipv4Addr::LOCALHOST);
        let mut client = Client::new(Duration::from_secs(10), 1000, is_first);
        let Err(Failure::Private { host, .. }) = client.fetch(&format!("http://{address}/")) else {
            panic!("it is refused");
        };
        assert_eq!(host, "127.0.0.2");
        server.join().unwrap();
    }

    #[test]
    fn addresses_are_http_without_passwords() {
        assert_eq!(
            parsed("HTTPS://Example.org/a/../b#c").unwrap().as_str(),
            "https://example.org/b"
        );
        assert!(matches!(
            parsed("file:///etc/passwd"),
            Err(Failure::Scheme(_))
        ));
        assert!(matches!(
            parsed("ftp://example.org/"),
            Err(Failure::Scheme(_))
        ));
        assert!(matches!(parsed("example.org"), Err(Failure::NoAddress(_))));
        assert!(matches!(parsed("http:///x"), Err(Failure::NoAddress(_))));
        assert!(matches!(
            parsed("http://a:b@example.org/"),
            Err(Failure::Password)
        ));
    }
}
