//! Who is answered: a page of this server that has its token. A page from elsewhere may make a browser ask this machine, and a name of its own lead here; its
//! `Host` or `Origin` tells. Not here: the token, without which no path of `server` is met.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;

/// Bytes of a token: more than can be guessed.
const TOKEN: usize = 20;

/// What a page of this server may do: run its own script, ask its own server, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What every answer says of itself.
const HEADERS: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (CACHE_CONTROL, "no-store"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// The name of this server, as its own pages give it.
#[derive(Clone, Debug)]
pub(super) struct Own {
    /// Address and port.
    pub(super) host: String,
}

/// A token that nobody can guess.
pub(super) fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; TOKEN];
    getrandom::fill(&mut bytes)?;
    Ok(HEXLOWER.encode(&bytes))
}

/// Refuses what another page asks, before anything is looked at.
pub(super) async fn guard(State(own): State<Own>, request: Request, next: Next) -> Response {
    let mut response = if is_own(request.headers(), &own.host) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether these are the headers of a request to this host, of no page or of one of its own.
fn is_own(headers: &HeaderMap, host: &str) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let is_host = hosts.next().is_some_and(|value| value == host) && hosts.next().is_none();
    let is_origin = |origin: &HeaderValue| {
        let origin = origin.to_str().unwrap_or_default();
        origin.strip_prefix("http://") == Some(host)
    };
    is_host && headers.get_all(ORIGIN).iter().all(is_origin)
}
