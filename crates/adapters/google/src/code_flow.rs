//! Signing in in a browser: authorization code with PKCE, state and nonce.

use auth::{GoogleError, PendingGoogle};
use kernel::{Fault, PortError, PortResult};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse, TokenUrl,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::discovery::Endpoints;
use crate::fetch::{self, Fetch};
use crate::settings::GoogleSettings;

/// What the token endpoint answers beside the access token, which nobody needs.
#[derive(Debug, Serialize, Deserialize)]
struct WithIdToken {
    id_token: Option<String>,
}

impl ExtraTokenFields for WithIdToken {}

type OidcClient = Client<
    BasicErrorResponse,
    StandardTokenResponse<WithIdToken, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Where to send the browser.
pub(crate) fn url(
    settings: &GoogleSettings,
    endpoints: Endpoints,
    pending: &PendingGoogle,
) -> PortResult<Url> {
    let state = CsrfToken::new(pending.state.expose().to_owned());
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier(pending));
    let client = client(settings, endpoints)?;
    let scopes = ["openid", "email", "profile"].map(|scope| Scope::new(scope.to_owned()));
    let request = client
        .authorize_url(|| state)
        .add_scopes(scopes)
        .set_pkce_challenge(challenge)
        .add_extra_param("nonce", pending.nonce.expose());
    Ok(request.url().0)
}

/// The ID token that a code is worth.
pub(crate) async fn redeem(
    fetch: &Fetch,
    settings: &GoogleSettings,
    endpoints: Endpoints,
    (code, pending): (&str, &PendingGoogle),
) -> Result<String, GoogleError> {
    let client = client(settings, endpoints)?;
    let call = |request| call(fetch.clone(), request);
    let answer = client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .set_pkce_verifier(verifier(pending))
        .request_async(&call)
        .await;
    let answer = answer.map_err(refused)?;
    let token = answer.extra_fields().id_token.clone();
    token.ok_or(GoogleError::Invalid("no ID token"))
}

fn verifier(pending: &PendingGoogle) -> PkceCodeVerifier {
    PkceCodeVerifier::new(pending.verifier.expose().to_owned())
}

fn client(settings: &GoogleSettings, endpoints: Endpoints) -> PortResult<OidcClient> {
    let (Some(browser), Some(id)) = (&settings.browser, settings.client_ids.first()) else {
        let missing = "sign in in a browser: no client secret is set";
        return Err(PortError::bare(Fault::Refused, missing));
    };
    let secret = browser.secret.expose_secret().to_owned();
    Ok(Client::new(ClientId::new(id.clone()))
        .set_client_secret(ClientSecret::new(secret))
        .set_auth_uri(AuthUrl::from_url(endpoints.authorization_endpoint))
        .set_token_uri(TokenUrl::from_url(endpoints.token_endpoint))
        .set_redirect_uri(RedirectUrl::from_url(browser.redirect_url.clone())))
}

async fn call(fetch: Fetch, request: HttpRequest) -> Result<HttpResponse, PortError> {
    let request = reqwest::Request::try_from(request).map_err(fetch::unavailable)?;
    let (status, headers, body) = fetch.once(request).await?;
    let mut answer = HttpResponse::new(body);
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    Ok(answer)
}

/// The issuer's refusal is about the code; everything else is about the way there.
fn refused(error: RequestTokenError<PortError, BasicErrorResponse>) -> GoogleError {
    match error {
        RequestTokenError::ServerResponse(answer) => {
            tracing::info!(error = %answer.error(), "the issuer refused a code");
            GoogleError::Invalid("code")
        }
        RequestTokenError::Request(error) => GoogleError::Port(error),
        RequestTokenError::Parse(cause, _) => {
            let context = "read the issuer's token answer";
            GoogleError::Port(PortError::new(Fault::Corrupt, context, cause))
        }
        RequestTokenError::Other(reason) => {
            let context = "redeem a code";
            GoogleError::Port(PortError::new(Fault::Corrupt, context, reason))
        }
    }
}
