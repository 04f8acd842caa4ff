using System.Text;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Writes a challenge as bytes, and reads it.</summary>
internal static class ChallengeFormat
{
    private const int GuidSize = 16;

    public static byte[] Format(MfaChallenge challenge, string? returnPath)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(challenge.Subject.UserId);
        writer.Write(challenge.Subject.Tenant ?? string.Empty);
        writer.Write(challenge.Attempt.ToString());
        writer.Write(challenge.BindingVersion.ToByteArray());
        writer.Write(challenge.StampHash);
        writer.Write(challenge.IsEnrollment);
        writer.Write(challenge.IsPersistent);
        writer.Write(challenge.IssuedAt.ToUnixTimeSeconds());
        writer.Write(challenge.ExpiresAt.ToUnixTimeSeconds());
        writer.Write(FirstFactor.Format(challenge.FirstFactor));
        writer.Write(returnPath ?? string.Empty);
        writer.Flush();
        return bytes.ToArray();
    }

    public static MfaChallenge Parse(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        return new MfaChallenge
        {
            Subject = new MfaSubject(reader.ReadString(), NullIfEmpty(reader.ReadString())),
            Attempt = AttemptId.TryParse(reader.ReadString(), out var attempt) ? attempt : default,
            BindingVersion = new Guid(reader.ReadBytes(GuidSize)),
            StampHash = reader.ReadString(),
            IsEnrollment = reader.ReadBoolean(),
            IsPersistent = reader.ReadBoolean(),
            IssuedAt = DateTimeOffset.FromUnixTimeSeconds(reader.ReadInt64()),
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(reader.ReadInt64()),
            FirstFactor = FirstFactor.Parse(reader.ReadString()),
            ReturnPath = NullIfEmpty(reader.ReadString()),
        };
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
