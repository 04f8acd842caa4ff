using Callroute.Mfa.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore;

internal static partial class Log
{
    public static ILogger Of(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Callroute.Mfa");

    [LoggerMessage(
        EventId = 1,
        Message = "MFA event {Kind} of user '{UserId}', tenant '{Tenant}', method {Method}, "
            + "authenticator {AuthenticatorId}, reason '{Reason}'")]
    public static partial void Event(
        ILogger logger,
        LogLevel level,
        MfaEventKind kind,
        string userId,
        string? tenant,
        MfaMethod? method,
        Guid? authenticatorId,
        string? reason);

    [LoggerMessage(2, LogLevel.Error, "Listener {Listener} of MFA event {Kind} failed: {ErrorType}")]
    public static partial void ListenerFailed(ILogger logger, string listener, MfaEventKind kind, string? errorType);

    [LoggerMessage(4, LogLevel.Error, "IMfaUsers.SetEnrolledAsync failed for user '{UserId}', tenant '{Tenant}': {ErrorType}")]
    public static partial void SetEnrolledFailed(ILogger logger, string userId, string? tenant, string? errorType);

    [LoggerMessage(5, LogLevel.Error, "User '{UserId}', tenant '{Tenant}', signed out, but an answer with recovery codes was not removed: "
        + "{ErrorType}")]
    public static partial void ForgetFailed(ILogger logger, string userId, string? tenant, string? errorType);

    [LoggerMessage(7, LogLevel.Error, "The sign-in of user '{UserId}', tenant '{Tenant}', was refused: {Reason}")]
    public static partial void SignInRefused(ILogger logger, string userId, string? tenant, string? reason);

    [LoggerMessage(10, LogLevel.Error, "A code was not answered: {ErrorType}")]
    public static partial void CodeUnanswered(ILogger logger, string? errorType);

    [LoggerMessage(11, LogLevel.Information, "A page of origin '{Origin}' was refused: it is neither this site nor in "
        + "MfaSignInOptions.AllowedOrigins")]
    public static partial void OriginRefused(ILogger logger, string? origin);

    [LoggerMessage(12, LogLevel.Warning, "A sign-in came over plain HTTP. Browsers drop the library's cookies there, because they are "
        + "Secure. Use HTTPS, or http://localhost. Behind a proxy that ends HTTPS, call UseForwardedHeaders")]
    public static partial void PlainHttp(ILogger logger);

    [LoggerMessage(13, LogLevel.Warning, "A session was not begun by MfaSignIn: it has no claim 'auth_time', or none for the user's id. "
        + "Its user may be asked to sign in again and again. After the password, call MfaSignIn.BeginAsync, not SignInAsync. This is also "
        + "logged for a session from before the library was added")]
    public static partial void ForeignSession(ILogger logger);

    [LoggerMessage(14, LogLevel.Warning, "RequireMfa refused a request of which an authenticated identity names no user, or another user "
        + "or tenant than the session. A claims transformation must add an identity that is not authenticated: new ClaimsIdentity(claims)")]
    public static partial void SeveralUsers(ILogger logger);

    [LoggerMessage(8, LogLevel.Error, "The browser of user '{UserId}', tenant '{Tenant}', was not remembered: {ErrorType}")]
    public static partial void RememberFailed(ILogger logger, string userId, string? tenant, string? errorType);

    [LoggerMessage(9, LogLevel.Warning, "Administrator '{Administrator}', tenant '{AdministratorTenant}', tried to {Action} the MFA of "
        + "user '{UserId}', tenant '{Tenant}': {Outcome}")]
    public static partial void Administered(
        ILogger logger,
        string? administrator,
        string? administratorTenant,
        string action,
        string userId,
        string? tenant,
        string outcome);

    [LoggerMessage(6, LogLevel.Error, "MFA endpoint '{Endpoint}' failed")]
    public static partial void EndpointFailed(ILogger logger, string? endpoint, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "{Warning}")]
    public static partial void Setup(ILogger logger, string warning);
}
