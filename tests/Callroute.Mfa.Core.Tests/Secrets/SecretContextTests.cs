using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;
using FsCheck;
using FsCheck.Xunit;

namespace Callroute.Mfa.Core.Tests.Secrets;

public class SecretContextTests
{
    [Fact]
    public void ForTotp_SameValues_GivesTheSameData()
    {
        var subject = new MfaSubject("alice", "acme");
        var id = new Guid("5b8f0c2e-6a3d-4a55-9a51-0d8f6f6b7a10");

        var one = SecretContext.ForTotp(subject, id, TotpParameters.Default);
        var other = SecretContext.ForTotp(new MfaSubject("alice", "acme"), id, new TotpParameters());

        Assert.Equal(one.AssociatedData.ToArray(), other.AssociatedData.ToArray());
        Assert.Equal((subject, "totp"), (one.Subject, one.Purpose));
    }

    // Put together by hand from the description: other bytes would make every secret that is stored unreadable.
    [Fact]
    public void ForTotp_KnownValues_GivesTheBytesOfFormat1()
    {
        var context = SecretContext.ForTotp(new MfaSubject("alice", "acm\u00e9"), new Guid("5b8f0c2e-6a3d-4a55-9a51-0d8f6f6b7a10"), TotpParameters.Default);

        Assert.Equal(
            "00000008000000000000000100000004746F74700000000800000000000000010000000561636DC3A900000005616C69"
            + "6365000000102E0C8F5B3D6A554A9A510D8F6F6B7A100000000800000000000000000000000800000000000000060000"
            + "00080000000011E1A30000000008089F7FF5F7B58000",
            Convert.ToHexString(context.AssociatedData.Span));
    }

    [Fact]
    public void ForReceipt_Subject_NamesThePurpose()
    {
        var context = SecretContext.ForReceipt(new MfaSubject("alice"));

        Assert.Equal("receipt", context.Purpose);
        Assert.Contains("receipt", System.Text.Encoding.ASCII.GetString(context.AssociatedData.Span), StringComparison.Ordinal);
    }

    // Without lengths these pairs would be one text.
    [Theory]
    [InlineData("ab", "c", "a", "bc")]
    [InlineData("b", "a", "a", "b")]
    [InlineData("a", null, "a", "a")]
    [InlineData("ab", null, "b", "a")]
    [InlineData("ab", null, "a", "b")]
    [InlineData("0", null, "1", "0")]
    public void AssociatedData_OtherSplitOfTenantAndUser_Differs(string user, string? tenant, string otherUser, string? otherTenant)
    {
        var one = SecretContext.ForReceipt(new MfaSubject(user, tenant)).AssociatedData.ToArray();
        var other = SecretContext.ForReceipt(new MfaSubject(otherUser, otherTenant)).AssociatedData.ToArray();

        Assert.NotEqual(one, other);
    }

    [Property(MaxTest = 1000)]
    public void AssociatedData_TwoSubjects_AreEqualOnlyWhenTheSubjectsAre(ushort user, ushort tenant, ushort otherUser, ushort otherTenant)
    {
        var one = Subject(user, tenant);
        var other = Subject(otherUser, otherTenant);

        var equal = SecretContext.ForReceipt(one).AssociatedData.Span.SequenceEqual(SecretContext.ForReceipt(other).AssociatedData.Span);

        Assert.Equal(one == other, equal);
    }

    [Fact]
    public void ForTotpAndForReceipt_DefaultSubjectOrNull_AreRefused()
    {
        Assert.Throws<ArgumentNullException>(() => SecretContext.ForTotp(default, Guid.Empty, TotpParameters.Default));
        Assert.Throws<ArgumentNullException>(() => SecretContext.ForReceipt(default));
        Assert.Throws<ArgumentNullException>("parameters", () => SecretContext.ForTotp(new MfaSubject("a"), Guid.Empty, null!));
    }

    // Short texts over two letters: equal ones, and equal concatenations, come up often.
    private static MfaSubject Subject(ushort user, ushort tenant) =>
        new("x" + Letters(user), tenant % 4 == 0 ? null : "x" + Letters(tenant));

    private static string Letters(int bits) =>
        string.Concat(Enumerable.Range(0, bits % 4).Select(i => ((bits >> (2 + i)) & 1) == 0 ? 'x' : 'y'));
}
