// A provider with the whole code flow and a login form. Any login is let in; its name becomes the
// subject and the address. The argument is where browsers are sent back to.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const configuration = {
  clients: [
    {
      client_id: "app",
      client_secret: "the secret of app",
      redirect_uris: [process.argv[2]],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: true, name: "Ada" }),
  }),
};

let handle;
const server = createServer((request, response) => handle(request, response));
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  handle = new Provider(issuer, configuration).callback();
  console.log(issuer);
});
