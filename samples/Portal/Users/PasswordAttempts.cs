using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.DataProtection;

namespace Callroute.Portal.Users;

/// <summary>
/// Limits, for one process, how often passwords are tried from one address and for one account. A browser in which the password was right
/// before has an allowance of its own, so that a stranger does not keep the owner out there.
/// </summary>
internal sealed class PasswordAttempts(IDataProtectionProvider protection) : IDisposable
{
    private const string CookieName = "__Host-portal-browser";

    private static readonly CookieOptions Cookie =
        new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(90) };

    private readonly IDataProtector _protector = protection.CreateProtector("Callroute.Portal.Browser");
    private readonly PartitionedRateLimiter<Attempt> _limiter = PartitionedRateLimiter.CreateChained(
        Limit(attempt => attempt.Address, count: 100, TimeSpan.FromSeconds(6)),
        Limit(attempt => attempt.Account, count: 10, TimeSpan.FromMinutes(1)));

    /// <summary>Counts an attempt, before its password is looked at.</summary>
    /// <returns>How long to wait; null to go on.</returns>
    public TimeSpan? Count(HttpContext context, string email)
    {
        var browser = FindBrowser(context, email);
        using var lease = _limiter.AttemptAcquire(
            new(browser ?? NetworkOf(context.Connection.RemoteIpAddress), browser ?? email));
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1);
    }

    /// <summary>The password was right: this browser has a new allowance for the account.</summary>
    public void Remember(HttpContext context, string email) =>
        context.Response.Cookies.Append(CookieName, _protector.Protect($"{email}\n{Guid.NewGuid():N}"), Cookie);

    public void Dispose() => _limiter.Dispose();

    private static PartitionedRateLimiter<Attempt> Limit(Func<Attempt, string> key, int count, TimeSpan regainedIn) =>
        PartitionedRateLimiter.Create<Attempt, string>(attempt => RateLimitPartition.GetTokenBucketLimiter(
            key(attempt),
            _ => new() { TokenLimit = count, TokensPerPeriod = 1, ReplenishmentPeriod = regainedIn, QueueLimit = 0 }));

    /// <returns>The account and the browser; null where the account's password was never right in this browser.</returns>
    private string? FindBrowser(HttpContext context, string email)
    {
        try
        {
            return context.Request.Cookies[CookieName] is { } cookie && _protector.Unprotect(cookie) is var browser
                && browser.StartsWith($"{email}\n", StringComparison.Ordinal)
                    ? browser
                    : null;
        }
        catch (CryptographicException)
        {
            // Made up, or of another portal.
            return null;
        }
    }

    // With IPv6, one subscriber usually has all 2^64 addresses of a network, so count them as one.
    private static string NetworkOf(IPAddress? address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes()[..8]),
        _ => $"{address}",
    };

    private readonly record struct Attempt(string Address, string Account);
}
