using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Tests.Setting;

/// <summary>Reads the token of each request, as a bearer scheme does. It has no sign-in.</summary>
internal sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(Request.Headers["Token"] is [{ } user]
            ? AuthenticateResult.Success(TicketOf(user))
            : AuthenticateResult.NoResult());

    private static AuthenticationTicket TicketOf(string user) =>
        new(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, user), new("amr", "mfa")], "Token")), "Token");
}
