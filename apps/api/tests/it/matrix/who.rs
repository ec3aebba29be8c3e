//! The columns: ways to say who one is, or to pretend.

use super::forged::Genuine;
use super::people::{Person, World};

const FOREIGN_PAGE: &str = "https://page.example.org";

macro_rules! columns {
    ($($name:ident,)*) => {
        /// Whose credentials a request has.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Who {
            $($name,)*
        }

        impl Who {
            pub(super) const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

columns! {
    Nobody,
    NobodyWithAName,
    Malformed,
    OtherScheme,
    Expired,
    SignedOut,
    Disabled,
    Unsigned,
    SignedWithAPublicKey,
    CalledRs256,
    SignedWithAnotherSecret,
    FromAnotherIssuer,
    ForAnotherAudience,
    OfAnUnknownKey,
    OfNoKey,
    Altered,
    ExpiredCookie,
    BadHeaderGoodCookie,
    CookieOnAForeignPage,
    CookieOnAnOwnPage,
    CookieOnNoPage,
    CopiedByHand,
    User,
    Admin,
}

/// What the credentials amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Refused,
    /// A user's, but sent by a page that is not ours.
    Foreign,
    User,
    Admin,
}

impl Who {
    pub(super) const fn standing(self) -> Standing {
        match self {
            Self::CookieOnAForeignPage => Standing::Foreign,
            Self::User | Self::CopiedByHand | Self::CookieOnAnOwnPage | Self::CookieOnNoPage => {
                Standing::User
            }
            Self::Admin => Standing::Admin,
            _ => Standing::Refused,
        }
    }

    /// The headers of a request in the name of `me`, or of somebody who is no longer in.
    pub(super) fn headers(self, world: &World, me: &Person) -> Vec<(&'static str, String)> {
        let genuine = Genuine::read(&me.access);
        let cookie = |token: &str| ("Cookie", format!("auth_token={token}"));
        let good = cookie(&me.access);
        match self {
            Self::Nobody => Vec::new(),
            Self::NobodyWithAName => vec![("X-User-Id", me.user.clone())],
            Self::OtherScheme => vec![("Authorization", format!("Basic {}", me.access))],
            Self::ExpiredCookie => vec![cookie(&genuine.expired())],
            Self::BadHeaderGoodCookie => vec![bearer("not.a.token"), good],
            Self::CookieOnAForeignPage => vec![good, ("Origin", FOREIGN_PAGE.to_owned())],
            Self::CookieOnAnOwnPage => vec![good, ("Origin", world.server.base.clone())],
            Self::CookieOnNoPage => vec![good],
            _ => vec![bearer(&self.token(world, me, &genuine))],
        }
    }

    fn token(self, world: &World, me: &Person, genuine: &Genuine) -> String {
        match self {
            Self::Expired => genuine.expired(),
            Self::SignedOut => world.signed_out.clone(),
            Self::Disabled => world.disabled.clone(),
            Self::Unsigned => genuine.unsigned(),
            Self::SignedWithAPublicKey => genuine.signed_with_a_public_key(),
            Self::CalledRs256 => genuine.called_rs256(),
            Self::SignedWithAnotherSecret => genuine.signed_with_another_secret(),
            Self::FromAnotherIssuer => genuine.of_another_issuer(),
            Self::ForAnotherAudience => genuine.for_another_audience(),
            Self::OfAnUnknownKey => genuine.of_an_unknown_key(),
            Self::OfNoKey => genuine.of_no_key(),
            Self::Altered => genuine.altered(),
            Self::CopiedByHand => genuine.copied(),
            Self::User | Self::Admin => me.access.clone(),
            _ => "not.a.token".to_owned(),
        }
    }
}

fn bearer(token: &str) -> (&'static str, String) {
    ("Authorization", format!("Bearer {token}"))
}
