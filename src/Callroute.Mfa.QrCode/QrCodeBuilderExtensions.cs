namespace Callroute.Mfa.QrCode;

/// <summary>Registers the QR code renderer.</summary>
public static class QrCodeBuilderExtensions
{
    /// <summary>Draws QR codes in the process of the application, without any service.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IMfaBuilder UseQrCodes(this IMfaBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseQrCodeRenderer(_ => new QrCodeRenderer());
    }
}
