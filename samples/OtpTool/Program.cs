using System.CommandLine;
using System.Data.Common;
using System.Text;
using Callroute.Mfa.OtpTool;
using StackExchange.Redis;

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
catch (Exception exception) when (exception is DbException or RedisException or TimeoutException)
{
    // The type alone: what a store says may hold content of a record.
    await Console.Error.WriteLineAsync($"The store failed ({exception.GetType().Name}).");
    return 1;
}
catch (OperationCanceledException)
{
    // Ctrl-C before the work began.
    return 130;
}
