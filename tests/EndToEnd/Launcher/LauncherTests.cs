// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace EndToEnd.Launcher;

/// <summary>How the launcher starts the program: arguments, exit codes, and what it builds when.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly LauncherCopy _launcher = new();

    public void Dispose() => _launcher.Dispose();

    [Fact]
    public void Arguments_reach_the_program_as_they_were_given()
    {
        LauncherResult result = _launcher.Run("doctor", "a file with spaces.yaml", "", "*", "$HOME", "\"quoted\"", "--json");
        Assert.Equal(["<doctor>", "<a file with spaces.yaml>", "<>", "<*>", "<$HOME>", "<\"quoted\">", "<--json>"], result.OutputLines);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void The_programs_exit_code_is_the_launchers()
    {
        _launcher.Fake("program-status", "2");
        Assert.Equal(2, _launcher.Run("doctor").ExitCode);
    }

    [Fact]
    public void It_works_through_a_link_from_another_folder() =>
        Assert.Equal(["<doctor>"], _launcher.RunWith(new() { ["CODESIGN_NO_INSTALL"] = "1" }, _launcher.Link(), "doctor").OutputLines);

    [Fact]
    public void A_missing_SDK_is_named_and_ends_with_3()
    {
        _launcher.RemoveTool("dotnet");
        LauncherResult result = _launcher.Run("doctor");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("the .NET SDK 10 is missing", result.Error);
        Assert.Empty(result.Output);
        Assert.Equal(3, _launcher.Run("test").ExitCode);
    }

    [Fact]
    public void An_SDK_that_is_too_old_ends_with_3()
    {
        _launcher.Fake("build-output", "x.targets(1,1): error NETSDK1045: The current .NET SDK does not support targeting .NET 10.0. [Cli.csproj]\n");
        _launcher.Fake("build-status", "1");
        Assert.Equal(3, _launcher.Run("doctor").ExitCode);
    }

    [Fact]
    public void What_has_not_changed_is_not_built_again()
    {
        _launcher.Run("doctor");
        _launcher.Run("doctor");
        _launcher.Write("tests/One.Tests/T.cs", "class T;");
        _launcher.Run("doctor");
        Assert.Single(_launcher.Calls("build"));
    }

    [Fact]
    public void A_changed_a_new_and_a_removed_source_are_built_and_outputs_are_no_sources()
    {
        int builds = 1;
        _launcher.Run("doctor");
        void Next(bool isBuilt)
        {
            builds += isBuilt ? 1 : 0;
            Assert.Equal(0, _launcher.Run("doctor").ExitCode);
            Assert.Equal(builds, _launcher.Calls("build").Length);
        }

        _launcher.Write("accel-model/A.cs", "class Other;");
        Next(isBuilt: true);
        _launcher.Write("accel-model/B.cs", "class B;");
        Next(isBuilt: true);
        _launcher.Delete("accel-model/B.cs");
        Next(isBuilt: true);
        Directory.CreateDirectory(Path.Combine(_launcher.Root, "accel-model", "obj"));
        _launcher.Write("accel-model/obj/B.cs", "class B;");
        Next(isBuilt: false);
        _launcher.Delete("cli/bin/Release/net10.0/codesign.dll");
        Next(isBuilt: true);
    }

    [Fact]
    public void A_tool_that_decides_on_the_outputs_makes_a_build_due_when_it_appears()
    {
        _launcher.Run("doctor");
        _launcher.Tool("npm", "#!/usr/bin/env bash");
        _launcher.Run("doctor");
        Assert.Equal(2, _launcher.Calls("build").Length);
    }

    [Fact]
    public void A_failed_build_shows_the_first_errors_without_the_checkouts_path_and_is_tried_again()
    {
        string error = $"{_launcher.Root}/accel-model/A.cs(3,5): error CS0103: The name 'x' does not exist [{_launcher.Root}/accel-model/AccelModel.csproj]\n";
        _launcher.Fake("build-output", "Determining projects to restore...\n" + error + error);
        _launcher.Fake("build-status", "1");
        LauncherResult failed = _launcher.Run("doctor");
        Assert.Equal(1, failed.ExitCode);
        Assert.Equal(["accel-model/A.cs(3,5): error CS0103: The name 'x' does not exist"], failed.Error.Split('\n').Where(line => line.Contains("CS0103", StringComparison.Ordinal)));
        Assert.Empty(failed.Output);

        _launcher.Fake("build-status", "0");
        Assert.Equal(0, _launcher.Run("doctor").ExitCode);
        Assert.DoesNotContain(_launcher.Calls("build"), call => call.Contains("--no-incremental", StringComparison.Ordinal));
    }

    [Fact]
    public void After_an_interrupted_build_the_next_starts_from_nothing()
    {
        _launcher.Fake("build-script", "kill -INT $PPID; sleep 0.1; exit 130");
        Assert.Equal(130, _launcher.Run("doctor").ExitCode);
        _launcher.Unfake("build-script");
        Assert.Equal(0, _launcher.Run("doctor").ExitCode);
        _launcher.Write("accel-model/A.cs", "class Other;");
        Assert.Equal(0, _launcher.Run("doctor").ExitCode);
        Assert.Equal([false, true, false], _launcher.Calls("build").Select(call => call.Contains("|--no-incremental|", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Of_two_that_start_at_once_one_builds()
    {
        _launcher.Fake("build-script", "sleep 0.5");
        Task<LauncherResult>[] both = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => _launcher.Run("doctor")))];
        foreach (LauncherResult result in await Task.WhenAll(both))
        {
            Assert.Equal(0, result.ExitCode);
            Assert.Equal(["<doctor>"], result.OutputLines);
        }

        Assert.Single(_launcher.Calls("build"));
    }
}
