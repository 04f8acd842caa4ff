using Konscious.Security.Cryptography;

namespace Callroute.Mfa.Hashing.Tests.Argon2;

public class KonsciousTests
{
    // RFC 9106 §5.3.
    [Fact]
    public async Task GetBytesAsync_Rfc9106Vector_GivesItsTag()
    {
        using var argon2 = new Argon2id(Repeat(32, 0x01))
        {
            Salt = Repeat(16, 0x02),
            KnownSecret = Repeat(8, 0x03),
            AssociatedData = Repeat(12, 0x04),
            MemorySize = 32,
            Iterations = 3,
            DegreeOfParallelism = 4,
        };

        var tag = await argon2.GetBytesAsync(32);

        Assert.Equal("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659", Convert.ToHexStringLower(tag));
    }

    private static byte[] Repeat(int count, byte value) => [.. Enumerable.Repeat(value, count)];
}
