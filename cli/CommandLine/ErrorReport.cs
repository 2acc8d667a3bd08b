// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification.Yaml;
using NnTrain.Data;
using NnTrain.Lowering;
using NnTrain.Training;
using RtlExport.Parameters;
using RtlExport.Tools;

namespace Cli.CommandLine;

/// <summary>Turns what went wrong into lines for the user and an exit code; stack traces are never shown unless CODESIGN_DEBUG is set.</summary>
public static class ErrorReport
{
    /// <summary>Prints <paramref name="exception"/> and returns the exit code.</summary>
    public static int Print(Exception exception, TextWriter writer)
    {
        if (Environment.GetEnvironmentVariable("CODESIGN_DEBUG") is { Length: > 0 })
        {
            writer.WriteLine(exception);
        }

        switch (exception)
        {
            case SpecException findings:
                foreach (SpecIssue issue in findings.Issues)
                {
                    writer.WriteLine($"error: {issue}");
                }

                return ExitCode.BadInput;
            case ScheduleException schedule:
                foreach (ScheduleFinding finding in schedule.Findings)
                {
                    writer.WriteLine($"error: {finding}");
                }

                return ExitCode.BadInput;
            case OperationCanceledException:
                writer.WriteLine("interrupted");
                return ExitCode.Interrupted;
            case CommandException command:
                writer.WriteLine($"error: {command.Message}");
                return command.ExitCode;
            case Reports.MissingToolException or ToolMissingException:
                writer.WriteLine($"error: {exception.Message}");
                return ExitCode.Missing;
            case DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException }:
                string library = exception is TypeInitializationException ? exception.InnerException!.Message : exception.Message;
                writer.WriteLine($"error: a native library is missing: {library.ReplaceLineEndings(" ")}");
                writer.WriteLine("  to get it: apt-get install -y --no-install-recommends libtorch-dev libopenblas0-openmp g++ make");
                return ExitCode.Missing;
            case DatasetException:
                writer.WriteLine($"error: {exception.Message}");
                return ExitCode.Missing;
            case TrainingDivergedException:
                writer.WriteLine($"error: {exception.Message}");
                return ExitCode.CheckFailed;
            case RtlCompileException compile:
                writer.WriteLine($"error: {compile.Message} (log: {compile.LogPath})");
                return ExitCode.CheckFailed;
            case BundleException { IsOfAnotherKind: true }:
                writer.WriteLine($"error: {exception.Message}");
                return ExitCode.BadInput;
            case BundleException or TimeoutException:
                writer.WriteLine($"error: {exception.Message}");
                return ExitCode.CheckFailed;
            case TrainingFileException or LoweringException or InstructionEncodingException:
                writer.WriteLine($"error: {exception.Message}");
                return ExitCode.BadInput;
            case NpyException or IOException or UnauthorizedAccessException or InvalidDataException:
                writer.WriteLine($"error: {exception.Message}");
                return ExitCode.BadInput;
            default:
                writer.WriteLine($"error: internal: {exception.Message} (set CODESIGN_DEBUG=1 for details)");
                return ExitCode.CheckFailed;
        }
    }
}
