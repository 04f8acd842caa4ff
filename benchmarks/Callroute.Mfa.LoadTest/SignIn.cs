namespace Callroute.Mfa.LoadTest;

/// <summary>A sign-in with a right code that is ready to be verified.</summary>
internal readonly record struct SignIn(MfaService Mfa, MfaSubject Subject, string Code, AttemptId Attempt)
{
    public ValueTask<VerificationResult> VerifyAsync() => Mfa.VerifyAsync(Subject, Code, Attempt);

    /// <summary>Verifies the code and throws if it is refused.</summary>
    public async ValueTask AcceptAsync()
    {
        var result = await VerifyAsync();
        if (!result.Succeeded)
        {
            throw new InvalidOperationException($"A right code was refused: {result}", result.Cause);
        }
    }
}
