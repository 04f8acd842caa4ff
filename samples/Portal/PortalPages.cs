using System.Net.Mail;
using System.Security.Claims;
using Callroute.Mfa.AspNetCore;
using Callroute.Portal.Components;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using ComponentData = Microsoft.AspNetCore.Components.RouteData;

namespace Callroute.Portal;

/// <summary>The portal's own pages: the first factor and the profile. Each form answers with a redirect; the next page says why.</summary>
internal static class PortalPages
{
    public static void MapPortalPages(this WebApplication app)
    {
        var open = app.MapGroup(string.Empty).AllowAnonymous();
        open.MapGet("/", () => TypedResults.LocalRedirect("/profile"));
        open.MapGet("/signin", IResult (HttpContext context) => context.User.Identity?.IsAuthenticated == true
            ? TypedResults.LocalRedirect("/profile")
            : Show<FirstFactor>(("Error", News.Take(context))));
        open.MapPost("/signin", SignInAsync);
        open.MapGet("/register", (HttpContext context) => Show<FirstFactor>(("IsNew", true), ("Error", News.Take(context))));
        open.MapPost("/register", RegisterAsync);
        open.MapPost("/signout", SignOutAsync);
        open.Map("/error", (HttpContext context) => Show<Failure>(("Status", context.Response.StatusCode)));
        app.MapGet("/profile", async (HttpContext context, UserTable users) => Show<Profile>(
            ("Me", await users.FindByAsync("id", context.User.FindFirstValue(ClaimTypes.NameIdentifier)!))));
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, MfaSignIn signIn)
    {
        await signIn.SignOutAsync(context);
        return TypedResults.LocalRedirect("/signin");
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, string? returnUrl, Accounts accounts, PasswordAttempts attempts, MfaSignIn signIn)
    {
        var form = await context.Request.ReadFormAsync();
        var (email, path) = (Accounts.Normalize(form["email"]), RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl : "/profile");
        if (attempts.Count(context, email) is { } wait)
        {
            return Refuse(context, $"{Math.Ceiling(wait.TotalSeconds)}");
        }

        if (await accounts.CheckAsync(email, form["password"], context.RequestAborted) is not { } user)
        {
            return Refuse(context, "WrongPassword");
        }

        attempts.Remember(context, email);
        return await signIn.BeginAsync(context, user, returnPath: returnUrl) switch
        {
            MfaSignInStep.SignedIn => TypedResults.LocalRedirect(path),
            MfaSignInStep.Refused => Refuse(context, "NotNow"),
            _ => TypedResults.LocalRedirect("/profile/security/sign-in"),
        };
    }

    // One for the real world confirms the address by mail, and then need not tell that it is taken.
    private static async Task<IResult> RegisterAsync(HttpContext context, Accounts accounts, PasswordAttempts attempts, MfaSignIn signIn)
    {
        var form = await context.Request.ReadFormAsync();
        var (name, email, password) = ($"{form["name"]}", $"{form["email"]}", $"{form["password"]}");
        var isComplete = name.Trim().Length is > 0 and <= 100 && MailAddress.TryCreate(email, out _)
            && password.Length is >= Accounts.ShortestPassword and <= Accounts.LongestPassword;
        if (!isComplete || await accounts.RegisterAsync(email, name, password) is not { } user)
        {
            return Refuse(context, isComplete ? "Taken" : "Incomplete");
        }

        attempts.Remember(context, Accounts.Normalize(email));
        await signIn.BeginAsync(context, user);
        return TypedResults.LocalRedirect("/profile");
    }

    private static RedirectHttpResult Refuse(HttpContext context, string news)
    {
        News.Leave(context, news);
        return TypedResults.LocalRedirect(context.Request.Path + context.Request.QueryString);
    }

    private static RazorComponentResult<RouteView> Show<T>(params (string Name, object? Value)[] parameters)
        where T : IComponent =>
        new(new { RouteData = new ComponentData(typeof(T), parameters.ToDictionary()), DefaultLayout = typeof(PortalLayout) });
}
