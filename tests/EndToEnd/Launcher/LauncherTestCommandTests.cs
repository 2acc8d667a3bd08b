// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace EndToEnd.Launcher;

/// <summary><c>codesign test</c>: which results it adds up to which last line and exit code.</summary>
public sealed class LauncherTestCommandTests : IDisposable
{
    private readonly LauncherCopy _launcher = new();

    public LauncherTestCommandTests()
    {
        Results("One.Tests", Passed(12));
        Results("Two.Tests", Passed(30));
    }

    public void Dispose() => _launcher.Dispose();

    [Fact]
    public void All_projects_are_added_up_and_only_that_line_is_on_standard_output()
    {
        LauncherResult result = _launcher.Run("test");
        Assert.Equal("42 passed, 0 failed\n", result.Output);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(2, _launcher.Calls("test").Length);
    }

    [Fact]
    public void A_failed_test_fails()
    {
        Results("Two.Tests", "Failed!  - Failed:     2, Passed:    28, Skipped:     0, Total:    30, Duration: 1 s - Two.Tests.dll (net10.0)", status: 1);
        LauncherResult result = _launcher.Run("test");
        Assert.Equal("40 passed, 2 failed\n", result.Output);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void Skipped_tests_are_told()
    {
        Results("Two.Tests", "Passed!  - Failed:     0, Passed:    28, Skipped:     2, Total:    30, Duration: 1 s - Two.Tests.dll (net10.0)");
        Assert.Equal("40 passed, 0 failed, 2 skipped\n", _launcher.Run("test").Output);
    }

    [Fact]
    public void A_project_that_crashes_counts_as_failed()
    {
        Results("Two.Tests", "The active test run was aborted. Reason: Test host process crashed", status: 1);
        LauncherResult result = _launcher.Run("test");
        Assert.Equal("12 passed, 1 failed\n", result.Output);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void A_project_that_crashes_after_some_tests_passed_counts_as_failed()
    {
        Results("Two.Tests", "The active test run was aborted. Reason: Test host process crashed\n" + Passed(7), status: 1);
        Assert.Equal("19 passed, 1 failed\n", _launcher.Run("test").Output);
    }

    [Fact]
    public void A_project_without_a_result_counts_as_failed()
    {
        Results("Two.Tests", "No test is available in Two.Tests.dll.");
        Assert.Equal("12 passed, 1 failed\n", _launcher.Run("test").Output);
    }

    [Theory]
    [InlineData("--filter", "Name with spaces|Other")]
    [InlineData("--filter=Name with spaces|Other", null)]
    public void The_filter_reaches_every_project_and_one_without_a_match_does_not_count(string first, string? second)
    {
        Results("Two.Tests", "No test matches the given testcase filter `Name with spaces|Other` in Two.Tests.dll");
        LauncherResult result = _launcher.Run(["test", first, .. second is null ? Array.Empty<string>() : [second]]);
        Assert.Equal("12 passed, 0 failed\n", result.Output);
        Assert.All(_launcher.Calls("test"), call => Assert.EndsWith("|--filter|Name with spaces|Other|", call));
    }

    [Fact]
    public void A_filter_that_matches_nothing_fails()
    {
        Results("One.Tests", "No test matches the given testcase filter `X` in One.Tests.dll");
        Results("Two.Tests", "No test matches the given testcase filter `X` in Two.Tests.dll");
        LauncherResult result = _launcher.Run("test", "--filter", "X");
        Assert.Equal("0 passed, 1 failed\n", result.Output);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void A_build_that_fails_is_one_failure()
    {
        _launcher.Fake("build-output", "accel-model/A.cs(3,5): error CS0103: The name 'x' does not exist\n");
        _launcher.Fake("build-status", "1");
        LauncherResult result = _launcher.Run("test");
        Assert.Equal("0 passed, 1 failed\n", result.Output);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error CS0103", result.Error);
    }

    [Fact]
    public void Projects_run_at_once_and_end_with_the_command()
    {
        _launcher.Fake("test-script", "echo $$ >\"$fake/$name.new\"; mv \"$fake/$name.new\" \"$fake/$name.id\"; sleep 100");
        Process command = _launcher.Start(Path.Combine(_launcher.Root, "codesign"), ["test"]);
        string[] ids = ["One.Tests.dll.id", "Two.Tests.dll.id"];
        while (ids.Any(id => _launcher.Faked(id).Length == 0) && !command.HasExited)
        {
            Thread.Sleep(10);
        }

        using (Process kill = Process.Start("kill", ["-TERM", command.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        Assert.Equal(143, LauncherCopy.Wait(command).ExitCode);
        Assert.All(ids, id => Assert.False(IsAlive(_launcher.Faked(id).Trim())));
    }

    /// <summary>Whether a process works; one that only waits to be counted by whoever adopted it does not.</summary>
    private static bool IsAlive(string id)
    {
        try
        {
            for (int look = 0; look < 100; look++)
            {
                if (File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1][0] == 'Z')
                {
                    return false;
                }

                Thread.Sleep(20);
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact]
    public void Usage_errors_end_with_2_and_help_with_0()
    {
        Assert.Equal(2, _launcher.Run("test", "--filter").ExitCode);
        Assert.Equal(2, _launcher.Run("test", "Name").ExitCode);
        Assert.Equal(0, _launcher.Run("test", "--help").ExitCode);
        Assert.Empty(_launcher.Calls("build"));
    }

    [Fact]
    public void The_command_needs_no_build_after_the_tests_nor_the_tests_after_themselves()
    {
        _launcher.Run("test");
        _launcher.Run("doctor");
        _launcher.Run("test");
        Assert.Contains("/CoDesign.sln|", Assert.Single(_launcher.Calls("build")));
    }

    [Fact]
    public void The_tests_are_built_after_the_command_and_when_they_change()
    {
        _launcher.Run("doctor");
        _launcher.Run("test");
        _launcher.Write("tests/One.Tests/T.cs", "class T;");
        _launcher.Run("test");
        _launcher.Run("doctor");
        Assert.Equal(["Cli.csproj", "CoDesign.sln", "CoDesign.sln"], _launcher.Calls("build").Select(call => Path.GetFileName(call.Split('|')[2])));
    }

    private static string Passed(int tests) => $"Passed!  - Failed:     0, Passed: {tests,5}, Skipped:     0, Total: {tests,5}, Duration: 1 s - X.dll (net10.0)";

    private void Results(string project, string output, int status = 0)
    {
        _launcher.Fake($"{project}.dll.output", $"VSTest version\n{output}\n");
        _launcher.Fake($"{project}.dll.status", status.ToString(CultureInfo.InvariantCulture));
    }
}
