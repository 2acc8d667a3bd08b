// SPDX-License-Identifier: Apache-2.0
namespace Cli.CommandLine;

/// <summary>What the process returns; the meaning is part of the command's contract.</summary>
public static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>A check failed: a mismatch, a constraint that does not hold, training that diverged.</summary>
    public const int CheckFailed = 1;

    /// <summary>Bad input or usage.</summary>
    public const int BadInput = 2;

    /// <summary>A tool, library or data set is missing; the message says how to get it.</summary>
    public const int Missing = 3;

    /// <summary>Interrupted; what was finished is kept.</summary>
    public const int Interrupted = 130;
}

/// <summary>Ends a command with a message for the user and an exit code.</summary>
public class CommandException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>One of <see cref="CommandLine.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
