using Callroute.Mfa.Secrets;
using FsCheck;
using FsCheck.Xunit;

namespace Callroute.Mfa.Core.Tests.Secrets;

public class Base32Properties
{
    [Property(MaxTest = 1000)]
    public void Decode_Encoded_GivesTheBytes(byte[] data)
    {
        var text = Base32.Encode(data);

        Assert.Equal(data, Base32.Decode(text));
        Assert.Equal(data, Base32.Decode(text.PadRight((text.Length + 7) / 8 * 8, '=')));
        Assert.Equal((data.Length * 8 + 4) / 5, text.Length);
    }

    [Property(MaxTest = 1000)]
    public void Decode_CaseAndSeparators_DoNotChangeTheBytes(byte[] data, int[] separators, bool lower)
    {
        var text = Base32.Encode(data);
        var spread = separators.Aggregate(
            lower ? text.ToLowerInvariant() : text,
            (typed, random) => typed.Insert((random & 0xFFFF) % (typed.Length + 1), " \t\r\n-".Substring((random & 0xFFFF) % 5, 1)));

        Assert.Equal(data, Base32.Decode(spread, Base32Format.Pasted));
    }

    [Property(MaxTest = 2000)]
    public void Encode_StrictlyDecoded_GivesTheTextBack(NonEmptyArray<byte> symbols)
    {
        var text = string.Concat(symbols.Get.Select(symbol => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[symbol % 32]));

        var decoded = Base32.TryDecode(text, Base32Format.Strict, out var data, out var error, out _);

        Assert.Equal(decoded, error == Base32Error.None);
        Assert.Equal(decoded ? text : null, data is null ? null : Base32.Encode(data));
    }
}
