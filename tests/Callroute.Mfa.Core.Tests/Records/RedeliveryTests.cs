using System.Security.Cryptography;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests.Records;

public sealed class RedeliveryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Generation = new("00112233-4455-6677-8899-aabbccddeeff");
    private readonly RecoveryCode[] _codes = [RecoveryCode.Generate(), RecoveryCode.Generate()];
    private readonly RecoveryUse _use = new(new MfaSubject("user", "tenant"), RecoveryCode.Generate().ToCanonicalBytes(), AttemptId.Create());

    private Redelivery Sealed() => Redelivery.Seal(_use, Generation, _codes, Now, RandomNumberGenerator.GetBytes(Redelivery.NonceSize));

    [Fact]
    public void TryOpen_SameUse_GivesTheCodes()
    {
        var opened = Sealed().TryOpen(_use, Now);

        Assert.Equal(_codes.Select(c => c.Reveal()), opened!.Select(c => c.Reveal()));
    }

    [Fact]
    public void TryOpen_AnythingElse_GivesNothing()
    {
        var redelivery = Sealed();

        Assert.Null(redelivery.TryOpen(_use with { Attempt = AttemptId.Create() }, Now));
        Assert.Null(redelivery.TryOpen(_use with { CanonicalCode = RecoveryCode.Generate().ToCanonicalBytes() }, Now));
        Assert.Null(redelivery.TryOpen(_use with { Subject = new MfaSubject("usert", "enant") }, Now));
        Assert.Null(redelivery.TryOpen(_use with { Subject = new MfaSubject("user") }, Now));
        Assert.Null((redelivery with { Generation = Guid.Empty }).TryOpen(_use, Now));
        Assert.Null((redelivery with { UsedAt = Now.AddSeconds(1) }).TryOpen(_use, Now));
        Assert.Null((redelivery with { Envelope = [1, 2, 3] }).TryOpen(_use, Now));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(599, true)]
    [InlineData(-599, true)]
    [InlineData(600, false)]
    [InlineData(-600, false)]
    public void TryOpen_SecondsLater_EndsAfterTenMinutes(int seconds, bool expected) =>
        Assert.Equal(expected, Sealed().TryOpen(_use, Now.AddSeconds(seconds)) is not null);

    [Fact]
    public void Seal_Document_HoldsNoCode()
    {
        var redelivery = Sealed();

        var stored = System.Text.Encoding.ASCII.GetString(redelivery.Envelope);

        Assert.All(_codes, code => Assert.DoesNotContain(System.Text.Encoding.ASCII.GetString(code.ToCanonicalBytes()), stored, StringComparison.Ordinal));
        Assert.NotEqual(redelivery.Envelope, Sealed().Envelope);
    }
}
