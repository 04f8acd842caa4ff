using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Session;

/// <summary>The session of the request: its ticket, and what it says.</summary>
internal sealed record CurrentSession(AuthenticationTicket Ticket, SessionFacts Facts)
{
    // The scheme of AddIdentityApiEndpoints reads a token first, then the cookie.
    private static readonly string[] Schemes = [IdentityConstants.BearerScheme, IdentityConstants.ApplicationScheme];

    /// <summary>Whether it can be written again, as a token cannot.</summary>
    public bool IsCookie => Ticket.AuthenticationScheme == IdentityConstants.ApplicationScheme;

    public static async Task<CurrentSession?> FindAsync(HttpContext context)
    {
        var schemes = context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        foreach (var scheme in Schemes)
        {
            if (await schemes.GetSchemeAsync(scheme).ConfigureAwait(false) is not null
                && (await context.AuthenticateAsync(scheme).ConfigureAwait(false)).Ticket is { } ticket)
            {
                return new(ticket, SessionFacts.Of(ticket.Principal, ticket.Properties));
            }
        }

        return null;
    }

    public override string ToString() => nameof(CurrentSession);
}
