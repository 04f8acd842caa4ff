using System.CommandLine;
using System.Text;
using Callroute.Mfa.OtpTool;

// JSON is UTF-8, and the terminal picture needs block characters. Do not depend on the locale.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
try
{
    return await CommandLine.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (InputException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
