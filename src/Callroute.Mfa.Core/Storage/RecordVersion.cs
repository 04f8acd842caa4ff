namespace Callroute.Mfa.Storage;

/// <summary>Names one write of a record: 128 random bits, never used twice, also not after erasing and creating again.</summary>
/// <remarks>Equality is what a store compares in a swap. The default value names no write.</remarks>
public readonly record struct RecordVersion
{
    private readonly UInt128 _value;

    private RecordVersion(UInt128 value) => _value = value;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">32 lower-case hexadecimal digits.</param>
    /// <returns>The version.</returns>
    /// <exception cref="FormatException">The text is not a version.</exception>
    public static RecordVersion Parse(string text) =>
        RandomId.TryParse(text, out var value) ? new RecordVersion(value) : throw new FormatException("A record version is 32 lower-case hexadecimal digits.");

    /// <summary>Makes a version for a new write.</summary>
    /// <returns>A version that was never used.</returns>
    public static RecordVersion Create() => new(RandomId.Create());

    /// <summary>Writes the version in the form that stores keep.</summary>
    /// <returns>32 lower-case hexadecimal digits.</returns>
    public override string ToString() => RandomId.Format(_value);
}
