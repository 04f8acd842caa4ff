using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests;

public sealed class MfaUserClaimsTests
{
    [Fact]
    public async Task SignIn_ClaimsOfTheApplication_CannotSayThatMfaWasPassed()
    {
        using var site = new Site(services => services.AddSingleton<IMfaUsers, BoastfulUsers>());
        using var browser = site.Open();

        await browser.LogInAsync();

        var claims = (await Browser.ReadAsync(await browser.GetAsync("/me"))).EnumerateArray().Select(claim => claim.GetString()).ToArray();
        Assert.Contains("role: admin", claims);
        Assert.Contains($"{ClaimTypes.NameIdentifier}: ann", claims);
        Assert.Contains("amr: pwd", claims);
        Assert.Equal(4, claims.Length);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await browser.GetAsync("/orders")).StatusCode);
    }

    private sealed class BoastfulUsers : IMfaUsers
    {
        public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => new(new MfaUser
        {
            AccountName = "ann@example.com",
            Claims = [new("role", "admin"), new("amr", "mfa"), new("mfa_time", "4000000000"), new("auth_time", "1"), new(ClaimTypes.NameIdentifier, "bob"), new("AMR", "mfa"), new("MFA_Time", "4000000000"), new(ClaimTypes.NameIdentifier.ToUpperInvariant(), "bob")],
        });

        public ValueTask SetMfaRequiredAsync(MfaSubject subject, bool isRequired, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
