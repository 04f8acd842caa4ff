namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Chooses what the user reads after a refusal. The message is the same for all reasons for which a code is refused.</summary>
internal static class Refusals
{
    public static Notice Of(VerificationResult refused, string page, DateTimeOffset now)
    {
        var message = refused.UserMessage;
        var key = (message, refused.RetryAfter) switch
        {
            (UserMessage.TryLater or UserMessage.StartOver, _) or (UserMessage.UseAnotherWay, null) => $"Message.{message}",
            (UserMessage.UseAnotherWay, _) => "Message.UseAnotherWay.Wait",
            (_, null) => "Message.TryAgain",
            _ => "Message.WaitUntil",
        };

        // The other ways are for users whom wrong codes keep out. A used code was right, and a late clock is the server's fault.
        var isKeptOut = refused.Reason is not (RefusalReason.Replayed or RefusalReason.ClockBehind);
        return new Notice(page, key)
        {
            IsError = true,
            AsksForCode = true,
            RetryAt = message is UserMessage.TryLater or UserMessage.StartOver ? null : now + refused.RetryAfter,
            OffersOtherWays = isKeptOut && message is UserMessage.WaitUntil or UserMessage.UseAnotherWay,
        };
    }

    public static Notice Of(MfaChangeOutcome outcome, VerificationResult? verification, string page, DateTimeOffset now)
    {
        var notice = outcome == MfaChangeOutcome.ProofRefused && verification is { Succeeded: false }
            ? Of(verification, page, now)
            : new Notice(page, $"Outcome.{outcome}") { IsError = true };

        // The session's own verification may be by an authenticator that is gone. Then only a code proves a change.
        return notice with { AsksForCode = outcome is MfaChangeOutcome.ProofRequired or MfaChangeOutcome.ProofRefused };
    }
}
