using System.Globalization;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Otp;

// The codes of an independent implementation, OATH Toolkit, for parameters drawn with a fixed seed. It supports 6–8 digits.
public class OathtoolTests
{
    [Fact]
    public void GenerateTotp_FourHundredRandomParameterSets_EqualOathtool()
    {
        ExternalProgram.Require("oathtool");
        var random = new Random(6238);

        for (var i = 0; i < 400; i++)
        {
            var parameters = new TotpParameters
            {
                Algorithm = (OtpAlgorithm)random.Next(3),
                Digits = random.Next(6, 9),
                Period = TimeSpan.FromSeconds(random.Next(15, 301)),
                T0 = DateTimeOffset.FromUnixTimeSeconds(random.Next(2) * random.Next(1_000_000_000)),
            };
            var time = parameters.T0.AddSeconds(random.NextInt64(100_000_000_000));
            var key = RandomKey(random);
            using var secret = SharedSecret.FromBytes(key, minimumSize: 1);

            var code = Totp.Generate(secret, parameters, time);

            Assert.Equal(Oathtool(TotpArguments(parameters, time), key), code);
        }
    }

    [Fact]
    public void GenerateHotp_HundredRandomCounters_EqualOathtoolAndItsWindow()
    {
        ExternalProgram.Require("oathtool");
        var random = new Random(4226);

        for (var i = 0; i < 100; i++)
        {
            var parameters = new HotpParameters { Digits = random.Next(6, 9) };
            var counter = random.NextInt64(long.MaxValue >> random.Next(60)) / 2;
            var key = RandomKey(random);
            using var secret = SharedSecret.FromBytes(key, minimumSize: 1);

            var codes = Enumerable.Range(0, 4).Select(next => Hotp.Generate(secret, parameters, counter + next));

            Assert.Equal(Oathtool(["--hotp", "-c", $"{counter}", "-d", $"{parameters.Digits}", "-w", "3"], key), string.Join('\n', codes));
        }
    }

    private static string[] TotpArguments(TotpParameters parameters, DateTimeOffset time) =>
    [
        $"--totp={parameters.Algorithm.ToString().ToUpperInvariant()}",
        "-d", $"{parameters.Digits}",
        "-s", string.Create(CultureInfo.InvariantCulture, $"{parameters.Period.TotalSeconds}s"),
        "-S", parameters.T0.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
        "-N", $"@{time.ToUnixTimeSeconds()}",
    ];

    private static string Oathtool(string[] arguments, byte[] key) =>
        ExternalProgram.Run("oathtool", [.. arguments, "-"], Convert.ToHexString(key) + "\n").TrimEnd();

    private static byte[] RandomKey(Random random)
    {
        var key = new byte[random.Next(1, SharedSecret.MaximumSize + 1)];
        random.NextBytes(key);
        return key;
    }
}
