namespace Callroute.Mfa;

/// <summary>Says how a new authenticator is bound where the subject has one already, and proves that it may be.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class EnrollmentBinding
{
    private EnrollmentBinding(MfaProof? proof, Guid? replaces, string? name) => (Proof, Replaces, Name) = (proof, replaces, name);

    internal MfaProof? Proof { get; }

    internal Guid? Replaces { get; }

    internal string? Name { get; }

    /// <summary>Adds an authenticator beside the others.</summary>
    /// <param name="proof">Needed where the subject has an authenticator; null for the first.</param>
    /// <param name="name">What the user calls it; control characters are dropped and 64 characters kept.</param>
    /// <returns>The binding.</returns>
    public static EnrollmentBinding Add(MfaProof? proof, string? name = null) => new(proof, null, name);

    /// <summary>Replaces an authenticator, which works until the new one is confirmed.</summary>
    /// <param name="authenticatorId">The authenticator to replace.</param>
    /// <param name="proof">The proof.</param>
    /// <param name="name">What the user calls the new one; control characters are dropped and 64 characters kept.</param>
    /// <returns>The binding.</returns>
    public static EnrollmentBinding Replace(Guid authenticatorId, MfaProof proof, string? name = null) =>
        new(Guard.NotNull(proof), authenticatorId, name);
}
