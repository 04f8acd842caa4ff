using System.Security.Cryptography;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests.Records;

public sealed class RepeatableAnswerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid SetId = new("00112233-4455-6677-8899-aabbccddeeff");
    private readonly RecoveryCode[] _codes = [RecoveryCode.Generate(), RecoveryCode.Generate()];
    private static readonly MfaSubject Subject = new("user", "tenant");
    private readonly byte[] _code = RecoveryCode.Generate().ToCanonicalBytes();
    private readonly AttemptId _attempt = AttemptId.Create();

    private RepeatableAnswer Sealed() => RepeatableAnswer.Seal(
        Subject, _code, _attempt, SetId, _codes, Now, RandomNumberGenerator.GetBytes(RepeatableAnswer.NonceSize));

    [Fact]
    public void TryOpen_SameUse_GivesTheCodes()
    {
        var opened = Sealed().TryOpen(Subject, _code, _attempt);

        Assert.Equal(_codes.Select(c => c.Reveal()), opened!.Select(c => c.Reveal()));
    }

    [Fact]
    public void TryOpen_AnythingElse_GivesNothing()
    {
        var answer = Sealed();

        Assert.Null(answer.TryOpen(Subject, _code, AttemptId.Create()));
        Assert.Null(answer.TryOpen(Subject, RecoveryCode.Generate().ToCanonicalBytes(), _attempt));
        Assert.Null(answer.TryOpen(new MfaSubject("usert", "enant"), _code, _attempt));
        Assert.Null(answer.TryOpen(new MfaSubject("user"), _code, _attempt));
        Assert.Null((answer with { SetId = Guid.Empty }).TryOpen(Subject, _code, _attempt));
        Assert.Null((answer with { UsedAt = Now.AddSeconds(1) }).TryOpen(Subject, _code, _attempt));
        Assert.Null((answer with { Envelope = [1, 2, 3] }).TryOpen(Subject, _code, _attempt));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(599, true)]
    [InlineData(-599, true)]
    [InlineData(600, false)]
    [InlineData(-600, false)]
    public void IsFor_SecondsLater_EndsAfterTenMinutes(int seconds, bool expected) =>
        Assert.Equal(expected, Sealed().IsFor(_attempt, Now.AddSeconds(seconds)));

    [Fact]
    public void IsFor_AnotherRequest_IsFalse() => Assert.False(Sealed().IsFor(AttemptId.Create(), Now));

    [Fact]
    public void Seal_Document_HoldsNoCode()
    {
        var answer = Sealed();

        Assert.All(_codes, code => Assert.Equal(-1, answer.Envelope.AsSpan().IndexOf(code.ToCanonicalBytes())));
        Assert.NotEqual(answer.Envelope, Sealed().Envelope);
    }
}
