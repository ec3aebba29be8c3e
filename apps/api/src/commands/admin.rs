//! `smartsight admin`

use std::io::Read;

use anyhow::Context;
use auth::{Access, Admin, AdminChange, AdminPermit, EmailAddress, NewPassword, OpaqueToken, Role};
use tokens::SystemSecrets;

use crate::cli::{AdminCommand, NewUser};
use crate::settings::Settings;
use crate::wiring;

/// The longest input a password is looked for in, in bytes.
const MAX_INPUT: u64 = 4096;
/// 144 bits of chance.
const GENERATED_CHARS: usize = 24;

/// Changes an account as the operator, beside a running server or without one.
pub(crate) async fn run(settings: Settings, command: AdminCommand) -> anyhow::Result<()> {
    let (admin, database) = wiring::operator(&settings).await?;
    let done = match command {
        AdminCommand::CreateUser(user) => create(&admin, &user).await,
        AdminCommand::Grant { email } => change(&admin, &email, role(Role::Admin)).await,
        AdminCommand::Revoke { email } => change(&admin, &email, role(Role::User)).await,
        AdminCommand::Disable { email } => change(&admin, &email, access(Access::Disabled)).await,
        AdminCommand::Enable { email } => change(&admin, &email, access(Access::Enabled)).await,
    };
    database.close().await?;
    done
}

async fn create(admin: &Admin, user: &NewUser) -> anyhow::Result<()> {
    let role = if user.admin { Role::Admin } else { Role::User };
    let password = if user.password_stdin {
        read_password()?
    } else {
        generated_password()?
    };
    let permit = AdminPermit::of_operator();
    let account = admin
        .create(&permit, (&user.email, &password), role)
        .await
        .with_context(|| user.email.to_string())?;
    println!("{} is {}, id {}", account.email, role.as_str(), account.id);
    if !user.password_stdin {
        println!("password: {}", password.as_password().expose());
        eprintln!("the password is shown this once only");
    }
    Ok(())
}

async fn change(admin: &Admin, email: &EmailAddress, change: AdminChange) -> anyhow::Result<()> {
    let permit = AdminPermit::of_operator();
    let changed = async {
        let account = admin.account_by_email(&permit, email).await?;
        admin.change(&permit, account.id, change).await
    };
    let account = changed.await.with_context(|| email.to_string())?;
    let standing = if account.is_active() {
        ""
    } else {
        ", disabled"
    };
    println!("{email} is {}{standing}", account.role.as_str());
    Ok(())
}

fn role(role: Role) -> AdminChange {
    AdminChange {
        role: Some(role),
        ..AdminChange::default()
    }
}

fn access(access: Access) -> AdminChange {
    AdminChange {
        access: Some(access),
        ..AdminChange::default()
    }
}

/// The first line of the standard input.
fn read_password() -> anyhow::Result<NewPassword> {
    let mut text = String::new();
    std::io::stdin()
        .take(MAX_INPUT)
        .read_to_string(&mut text)
        .context("no password can be read from the standard input")?;
    let line = text.lines().next().unwrap_or_default();
    Ok(NewPassword::try_new(line.to_owned())?)
}

fn generated_password() -> anyhow::Result<NewPassword> {
    loop {
        let token = OpaqueToken::draw(&SystemSecrets)?;
        let text = token.expose().chars().take(GENERATED_CHARS).collect();
        // One in some hundred has no digit or symbol.
        if let Ok(password) = NewPassword::try_new(text) {
            return Ok(password);
        }
    }
}
