using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Callroute.Mfa.AspNetCore.Identity.Session;

/// <summary>
/// A sign-in or a step-up that waits for its code. It travels in the cookie in which Identity keeps the user between the steps.
/// </summary>
/// <param name="Attempt">The attempt: the same for every try.</param>
/// <param name="BindingVersion">The version of authenticators and recovery codes at the first factor; null without a record.</param>
/// <param name="StampHash">A hash of the user's security stamp at the first factor.</param>
/// <param name="FirstFactor">The methods of the first factor; empty for an external login.</param>
/// <param name="SessionId">The session that steps up; null at a sign-in.</param>
internal sealed record SecondFactorStep(
    string Attempt, Guid? BindingVersion, string StampHash, IReadOnlyCollection<string> FirstFactor, string? SessionId)
{
    private const string Item = "callroute.mfa.step";

    public static string HashOf(string stamp) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stamp)));

    /// <summary>Keeps the step for this request, which may also bring the code, and for the cookie.</summary>
    public void Begin(HttpContext context) => context.Items[typeof(SecondFactorStep)] = this;

    /// <returns>The step of the request, or of the cookie that it brought; null if there is none.</returns>
    public static async Task<SecondFactorStep?> FindAsync(HttpContext context) =>
        context.Items[typeof(SecondFactorStep)] as SecondFactorStep
        ?? Parse((await context.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme).ConfigureAwait(false)).Properties);

    /// <summary>Identity writes the cookie itself and passes no properties, so add the step there.</summary>
    public static void KeepInCookie(CookieAuthenticationOptions options)
    {
        var next = options.Events.OnSigningIn;
        options.Events.OnSigningIn = context =>
        {
            if (context.HttpContext.Items[typeof(SecondFactorStep)] is SecondFactorStep step)
            {
                context.Properties.SetString(Item, JsonSerializer.Serialize(step));
            }

            return next(context);
        };
    }

    private static SecondFactorStep? Parse(AuthenticationProperties? properties) =>
        properties?.GetString(Item) is { } step ? JsonSerializer.Deserialize<SecondFactorStep>(step) : null;

    public override string ToString() => nameof(SecondFactorStep);
}
