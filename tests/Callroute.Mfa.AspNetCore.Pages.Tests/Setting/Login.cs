using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore.Pages.Tests.Setting;

/// <summary>The first factor of the tests' applications: a name, and no password.</summary>
internal static class Login
{
    public const string Form = """<form method="post"><input name="name"></form>""";

    public static void Map(WebApplication app)
    {
        app.MapGet("/login", () => TypedResults.Content(Form, "text/html"));
        app.MapPost("/login", async (HttpContext context, MfaSignIn signIn, string? returnUrl) =>
            TypedResults.LocalRedirect(await BeginAsync(context, signIn, (await context.Request.ReadFormAsync())["name"]!, returnUrl)));
    }

    /// <returns>Where to go on.</returns>
    public static async Task<string> BeginAsync(HttpContext context, MfaSignIn signIn, string name, string? returnUrl) =>
        await signIn.BeginAsync(context, new MfaSubject(name), returnPath: returnUrl) == MfaSignInStep.SignedIn
            ? returnUrl ?? "/inside"
            : $"{PageHost.Prefix}/sign-in";
}
