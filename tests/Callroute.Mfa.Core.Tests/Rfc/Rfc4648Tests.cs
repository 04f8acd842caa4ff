using System.Text;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Rfc;

// RFC 4648 §10: the Base32 rows. We encode without padding, which §3.2 allows a format to specify.
public class Rfc4648Tests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY======")]
    [InlineData("fo", "MZXQ====")]
    [InlineData("foo", "MZXW6===")]
    [InlineData("foob", "MZXW6YQ=")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI======")]
    public void Base32_Section10_EncodesAndDecodesPaddedAndUnpadded(string plain, string encoded)
    {
        var bytes = Encoding.ASCII.GetBytes(plain);
        var unpadded = encoded.TrimEnd('=');

        Assert.Equal(unpadded, Base32.Encode(bytes));
        Assert.Equal(bytes, Base32.Decode(encoded));
        Assert.Equal(bytes, Base32.Decode(unpadded));
    }
}
