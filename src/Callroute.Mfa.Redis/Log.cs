using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.Redis;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Redis server {Server}: {Problem}")]
    public static partial void ServerProblem(ILogger logger, string server, string problem);
}
