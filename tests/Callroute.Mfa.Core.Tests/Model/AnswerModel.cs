namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>The answer to the last accepted code or the last confirmed enrolment.</summary>
/// <param name="Code">The code that was sent.</param>
/// <param name="At">When it was accepted.</param>
/// <param name="NewCode">The recovery code of the answer; null if it has none.</param>
internal sealed record AnswerModel(string Code, DateTimeOffset At, string? NewCode)
{
    /// <summary>The attempt that the code was sent with.</summary>
    public AttemptId Attempt { get; init; }

    /// <summary>The receipt for the code.</summary>
    public ReceiptModel? Receipt { get; init; }

    /// <summary>The confirmed enrolment; null after an accepted code.</summary>
    public Guid? Enrollment { get; init; }

    /// <summary>The wrong codes that end the answer of a confirmation.</summary>
    public int Tries { get; init; }

    /// <summary>Why it can no longer be repeated; null if it can, within its time.</summary>
    public string? End { get; init; }

    public bool IsOpen(DateTimeOffset now) => (now - At).Duration() < TimeSpan.FromMinutes(10);

    /// <returns>"repeated", or why it is not.</returns>
    public string StateAt(DateTimeOffset now) => End is null && IsOpen(now) ? "repeated" : $"ended by {End ?? "time"}";
}
