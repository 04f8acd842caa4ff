using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Identity.Session;

/// <summary>
/// A sign-in or a step-up that waits for its code. It travels in the cookie in which Identity keeps the user between the steps.
/// </summary>
/// <param name="Attempt">The attempt: the same for every try.</param>
/// <param name="BindingVersion">The version of authenticators and recovery codes at the first factor; null without a record.</param>
/// <param name="StampHash">A hash of the user's security stamp at the first factor.</param>
/// <param name="FirstFactor">The method of the first factor; null for an external login.</param>
/// <param name="SessionId">The session that steps up; null at a sign-in.</param>
internal sealed record SecondFactorStep(AttemptId Attempt, Guid? BindingVersion, string StampHash, string? FirstFactor, string? SessionId)
{
    private const string Item = "callroute.mfa.";

    public static string HashOf(string stamp) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stamp)));

    /// <summary>Keeps the step for this request, which may also bring the code, and for the cookie.</summary>
    public void Begin(HttpContext context) => context.Items[typeof(SecondFactorStep)] = this;

    /// <returns>The step of the request, or of the cookie that it brought; null if there is none.</returns>
    public static async Task<SecondFactorStep?> FindAsync(HttpContext context) =>
        context.Items[typeof(SecondFactorStep)] as SecondFactorStep
        ?? Of((await context.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme).ConfigureAwait(false)).Properties);

    private static SecondFactorStep? Of(AuthenticationProperties? properties)
    {
        var items = properties?.Items;
        return AttemptId.TryParse(Find("attempt"), out var attempt) && Find("stamp") is { } stamp
            ? new(attempt, Guid.TryParse(Find("version"), out var version) ? version : null, stamp, Find("first"), Find("session"))
            : null;

        string? Find(string name) => items?.TryGetValue(Item + name, out var value) == true ? value : null;
    }

    private void WriteTo(AuthenticationProperties properties)
    {
        Keep("attempt", Attempt.ToString());
        Keep("version", BindingVersion?.ToString());
        Keep("stamp", StampHash);
        Keep("first", FirstFactor);
        Keep("session", SessionId);

        void Keep(string name, string? value)
        {
            if (value is not null)
            {
                properties.Items[Item + name] = value;
            }
        }
    }

    public override string ToString() => nameof(SecondFactorStep);

    /// <summary>Identity writes the cookie itself and passes no properties, so add them there.</summary>
    internal sealed class CookieOptions : IPostConfigureOptions<CookieAuthenticationOptions>
    {
        public void PostConfigure(string? name, CookieAuthenticationOptions options)
        {
            if (name != IdentityConstants.TwoFactorUserIdScheme)
            {
                return;
            }

            var next = options.Events.OnSigningIn;
            options.Events.OnSigningIn = context =>
            {
                (context.HttpContext.Items[typeof(SecondFactorStep)] as SecondFactorStep)?.WriteTo(context.Properties);
                return next(context);
            };
        }
    }
}
