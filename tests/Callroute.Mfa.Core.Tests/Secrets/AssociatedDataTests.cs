using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Secrets;

public class AssociatedDataTests
{
    // Built by hand from the description. Other bytes would make every stored secret unreadable.
    [Fact]
    public void ForTotp_KnownValues_GivesTheBytesOfFormat1()
    {
        var data = AssociatedData.ForTotp(
            new MfaSubject("alice", "acm\u00e9"), new Guid("5b8f0c2e-6a3d-4a55-9a51-0d8f6f6b7a10"), new TotpParameters());

        Assert.Equal(
            "00000008000000000000000100000004746F74700000000800000000000000010000000561636DC3A900000005616C69"
            + "6365000000102E0C8F5B3D6A554A9A510D8F6F6B7A100000000800000000000000000000000800000000000000060000"
            + "00080000000011E1A30000000008089F7FF5F7B58000",
            Convert.ToHexString(data.Span));
    }

    // Without lengths, these pairs would give the same bytes.
    [Theory]
    [InlineData("ab", "c", "a", "bc")]
    [InlineData("b", "a", "a", "b")]
    [InlineData("a", null, "a", "a")]
    [InlineData("ab", null, "b", "a")]
    [InlineData("ab", null, "a", "b")]
    [InlineData("0", null, "1", "0")]
    public void ForReceipt_OtherSplitOfTenantAndUser_Differs(string user, string? tenant, string otherUser, string? otherTenant)
    {
        var one = AssociatedData.ForReceipt(new MfaSubject(user, tenant)).ToArray();
        var other = AssociatedData.ForReceipt(new MfaSubject(otherUser, otherTenant)).ToArray();

        Assert.NotEqual(one, other);
    }

    [Fact]
    public void ForTotpAndForReceipt_DefaultSubjectOrNull_AreRefused()
    {
        Assert.Throws<ArgumentNullException>(() => AssociatedData.ForTotp(default, Guid.Empty, new TotpParameters()));
        Assert.Throws<ArgumentNullException>(() => AssociatedData.ForReceipt(default));
        Assert.Throws<ArgumentNullException>("parameters", () => AssociatedData.ForTotp(new MfaSubject("a"), Guid.Empty, null!));
    }
}
