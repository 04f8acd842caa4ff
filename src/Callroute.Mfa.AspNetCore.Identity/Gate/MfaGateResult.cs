using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Identity.Gate;

/// <summary>
/// Leads a browser to the page where it can do what is missing, and back, and tells an API client what is missing. The managers refuse
/// changes of MFA without it too; it only gives the better answer. New external logins and passkeys are refused here alone.
/// </summary>
internal sealed class MfaGateResult<TUser>(
    UserManager<TUser> users,
    MfaSignInManager<TUser> signIn,
    IdentityMfa<TUser> identity,
    IdentityAccount<TUser> account,
    IOptions<MfaOptions> options,
    IOptionsMonitor<CookieAuthenticationOptions> cookies,
    TimeProvider clock,
    IAuthorizationMiddlewareResultHandler inner) : IAuthorizationMiddlewareResultHandler
    where TUser : class
{
    public async Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        var reason = authorizeResult.Forbidden
            ? authorizeResult.AuthorizationFailure?.FailureReasons.FirstOrDefault(why => why.Handler is MfaGate<TUser>)?.Message
            : null;
        var answer = reason is not null ? new CodeAnswer(reason)
            : authorizeResult.Succeeded ? await CheckChangeAsync(context).ConfigureAwait(false)
            : CodeAnswer.Accepted;
        await (answer.Succeeded
            ? inner.HandleAsync(next, context, policy, authorizeResult)
            : RefuseAsync(context, answer)).ConfigureAwait(false);
    }

    /// <summary>Checks a change of a user who is enrolled: it needs a verification that is young.</summary>
    private async Task<CodeAnswer> CheckChangeAsync(HttpContext context)
    {
        var isApi = MfaEndpoints.IsTwoFactorApi(context);
        if ((!isApi && !MfaEndpoints.NeedsStepUp(context))
            || await users.GetUserAsync(context.User).ConfigureAwait(false) is not { } user)
        {
            return CodeAnswer.Accepted;
        }

        var change = isApi ? await ReadAsync(context).ConfigureAwait(false) : null;
        var needsProof = (!isApi || IsChange(change)) && await users.GetTwoFactorEnabledAsync(user).ConfigureAwait(false);
        var answer = needsProof && await MustKeepMfaAsync(context, user).ConfigureAwait(false) ? new(GateReasons.RequiredByPolicy)
            : change?.TwoFactorCode is { Length: > 0 } code && (needsProof || change.Enable == true)
            ? await CheckCodeAsync(user, code).ConfigureAwait(false)
            : needsProof ? await CheckProofAsync(user).ConfigureAwait(false)
            : CodeAnswer.Accepted;
        return needsProof && answer.Succeeded && change is { ResetRecoveryCodes: true, Enable: null, ResetSharedKey: false }
            ? await account.PrepareRecoveryCodesAsync(user).ConfigureAwait(false)
            : answer;
    }

    // Verified here, so that the client hears the reason. The endpoint then gets yes for this code.
    private async Task<CodeAnswer> CheckCodeAsync(TUser user, string code)
    {
        var answer = await identity.CheckAsync(user, code).ConfigureAwait(false);
        if (answer.Succeeded)
        {
            identity.SetVerified(await users.SubjectOfAsync(user).ConfigureAwait(false), code);
        }

        return answer;
    }

    private async Task<bool> MustKeepMfaAsync(HttpContext context, TUser user) =>
        MfaEndpoints.IsDisable(context) && await identity.PolicyOfAsync(user).ConfigureAwait(false) == MfaPolicy.Required;

    private async Task<CodeAnswer> CheckProofAsync(TUser user)
    {
        var session = await identity.SessionOfAsync(user).ConfigureAwait(false);
        return SessionReceipt.IsYoung(session?.Ticket.Properties, clock.GetUtcNow(), options.Value.StepUpAge)
            ? CodeAnswer.Accepted
            : new(GateReasons.CodeRequired);
    }

    private static bool IsChange(TwoFactorRequest? change) =>
        change is { Enable: false } or { ResetSharedKey: true } or { ResetRecoveryCodes: true };

    // The endpoint reads the body again.
    private static async Task<TwoFactorRequest?> ReadAsync(HttpContext context)
    {
        context.Request.EnableBuffering();
        try
        {
            var change = await context.Request.ReadFromJsonAsync<TwoFactorRequest>(context.RequestAborted).ConfigureAwait(false);
            context.Features.Set(change);
            return change;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The endpoint refuses it with its own words.
            return null;
        }
        finally
        {
            context.Request.Body.Position = 0;
        }
    }

    private async Task RefuseAsync(HttpContext context, CodeAnswer answer)
    {
        var login = cookies.Get(IdentityConstants.ApplicationScheme).LoginPath.Value;
        if (!IsBrowser(context) || MfaEndpoints.IsTwoFactorApi(context) || string.IsNullOrEmpty(login)
            || await users.GetUserAsync(context.User).ConfigureAwait(false) is not { } user
            || await identity.SessionOfAsync(user).ConfigureAwait(false) is not { IsCookie: true } session)
        {
            await WriteProblemAsync(context, answer).ConfigureAwait(false);
        }
        else if (answer.Reason == GateReasons.EnrollmentRequired)
        {
            context.Response.Redirect($"{context.Request.PathBase}{login[..login.LastIndexOf('/')]}/Manage/EnableAuthenticator");
        }
        else if (answer.Reason == GateReasons.CodeRequired)
        {
            await signIn.BeginStepUpAsync(user, session).ConfigureAwait(false);
            context.Response.Redirect(StepUpPage(context, login, session.Ticket.Properties.IsPersistent));
        }
        else
        {
            await context.ForbidAsync(IdentityConstants.ApplicationScheme).ConfigureAwait(false);
        }
    }

    // Back to the page by GET: the form of a POST is lost, and the user sends it again.
    private static string StepUpPage(HttpContext context, string login, bool isPersistent) =>
        $"{context.Request.PathBase}{login}With2fa"
        + QueryString.Create("RememberMe", isPersistent ? "true" : "false")
            .Add("ReturnUrl", $"{context.Request.PathBase}{context.Request.Path}{context.Request.QueryString}");

    private static bool IsBrowser(HttpContext context) =>
        context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private static Task WriteProblemAsync(HttpContext context, CodeAnswer answer)
    {
        answer.WriteRetryAfter(context);
        var status = answer.Reason switch
        {
            GateReasons.EnrollmentRequired or GateReasons.CodeRequired or GateReasons.RequiredByPolicy => StatusCodes.Status403Forbidden,
            _ when answer.RetryAfter is not null || answer.Reason == "MfaThrottled" => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status400BadRequest,
        };
        return TypedResults.Problem(answer.Reason, statusCode: status, type: $"urn:callroute:mfa:{answer.Reason}").ExecuteAsync(context);
    }
}
