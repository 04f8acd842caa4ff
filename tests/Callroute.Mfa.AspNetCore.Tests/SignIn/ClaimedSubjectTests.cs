using System.Security.Claims;

namespace Callroute.Mfa.AspNetCore.Tests.SignIn;

public sealed class ClaimedSubjectTests
{
    private static readonly MfaSignInOptions Options = new() { TenantClaim = "tenant" };

    // An application may have copied the claims of an external login, which have an id of their own.
    [Fact]
    public void FindOnly_SecondIdInTheSameIdentity_IsTheUserOfTheFirst()
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity([Id("ann"), Id("ann-elsewhere")], "Cookies"));

        Assert.Equal(new MfaSubject("ann"), ClaimedSubject.FindOnly(user, Options));
    }

    [Theory]
    [InlineData("ann", null, true)]
    [InlineData("bob", null, false)]
    [InlineData("ann", "elsewhere", false)]
    public void FindOnly_IdentityThatIsNotAuthenticated_MayNotNameAnother(string id, string? tenant, bool isOne)
    {
        Claim[] added = tenant is null ? [Id(id)] : [Id(id), new("tenant", tenant)];
        var user = new ClaimsPrincipal([new ClaimsIdentity([Id("ann")], "Cookies"), new ClaimsIdentity(added)]);

        Assert.Equal(isOne ? new MfaSubject("ann") : null, ClaimedSubject.FindOnly(user, Options));
    }

    private static Claim Id(string value) => new(ClaimTypes.NameIdentifier, value);
}
