// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace EndToEnd.Launcher;

/// <summary>Where the launcher takes torch and the plots from, and how it gets packages of the distribution.</summary>
public sealed class LauncherProviderTests : IDisposable
{
    private const string Groups = "verilator iverilog g++ make";

    private readonly LauncherCopy _launcher = new();

    public void Dispose() => _launcher.Dispose();

    [Fact]
    public void Packages_that_do_not_restore_are_replaced_and_asked_for_once()
    {
        _launcher.Run("doctor");
        _launcher.Write("accel-model/A.cs", "class Other;");
        _launcher.Run("doctor");
        Assert.Equal(2, _launcher.Calls("restore").Length);
        Assert.All(_launcher.Calls("build"), call => Assert.EndsWith("|-p:TorchProvider=system|-p:PlotProvider=echarts|", call));
    }

    [Fact]
    public void Packages_that_restore_are_used()
    {
        _launcher.Fake("packages", "TorchSharp-cpu\nScottPlot\n");
        _launcher.Run("doctor");
        Assert.EndsWith("|-p:TorchProvider=nuget|-p:PlotProvider=scottplot|", Assert.Single(_launcher.Calls("build")));
    }

    [Fact]
    public void A_registry_that_cannot_be_reached_is_asked_again_by_the_next_build_only()
    {
        _launcher.Fake("offline", "");
        _launcher.Run("doctor");
        Assert.EndsWith("|-p:TorchProvider=system|-p:PlotProvider=echarts|", Assert.Single(_launcher.Calls("build")));
        Assert.Single(_launcher.Calls("restore"));

        _launcher.Unfake("offline");
        _launcher.Fake("packages", "ScottPlot\n");
        _launcher.Run("doctor");
        Assert.Single(_launcher.Calls("restore"));
        _launcher.Write("accel-model/A.cs", "class Other;");
        _launcher.Run("doctor");
        Assert.EndsWith("|-p:TorchProvider=system|-p:PlotProvider=scottplot|", _launcher.Calls("build")[^1]);
    }

    [Fact]
    public void Providers_of_the_environment_are_not_asked_for_and_not_kept()
    {
        _launcher.RunWith(new() { ["CODESIGN_TORCH_PROVIDER"] = "nuget", ["CODESIGN_PLOT_PROVIDER"] = "scottplot" }, null, "doctor");
        Assert.Empty(_launcher.Calls("restore"));
        Assert.EndsWith("|-p:TorchProvider=nuget|-p:PlotProvider=scottplot|", _launcher.Calls("build")[^1]);
        _launcher.Run("doctor");
        Assert.EndsWith("|-p:TorchProvider=system|-p:PlotProvider=echarts|", _launcher.Calls("build")[^1]);
    }

    [Fact]
    public void A_package_that_cannot_be_installed_is_named_with_the_command_and_not_tried_again_at_once()
    {
        AsRoot("echo 'E: Unable to locate package verilator'; exit 100");
        LauncherResult first = _launcher.RunWith([], null, "verify", "rtl");
        Assert.Contains($"apt-get update && apt-get install -y --no-install-recommends {Groups}\n", first.Error);
        Assert.Contains("E: Unable to locate package verilator", first.Error);
        Assert.Equal(["<verify>", "<rtl>"], first.OutputLines);
        string tried = _launcher.Faked("apt-calls");

        LauncherResult second = _launcher.RunWith([], null, "verify", "rtl");
        Assert.Contains($"apt-get install -y --no-install-recommends {Groups}\n", second.Error);
        Assert.Equal(tried, _launcher.Faked("apt-calls"));
    }

    [Fact]
    public void What_is_missing_is_installed_once()
    {
        AsRoot($"for tool in {Groups}; do /bin/cp \"$tools/id\" \"$tools/$tool\"; done");
        LauncherResult first = _launcher.RunWith([], null, "verify", "rtl");
        Assert.Contains($"installing: {Groups}", first.Error);
        Assert.DoesNotContain("warning", first.Error);
        Assert.Contains($"install -y --no-install-recommends {Groups}\n", _launcher.Faked("apt-calls"));
        string installed = _launcher.Faked("apt-calls");
        Assert.Empty(_launcher.RunWith([], null, "verify", "rtl").Error);
        Assert.Equal(installed, _launcher.Faked("apt-calls"));
    }

    [Fact]
    public void One_package_that_cannot_be_had_does_not_keep_the_others_away()
    {
        AsRoot("case \"$*\" in *yosys*) exit 100;; esac");
        _launcher.Run("doctor");
        LauncherResult result = _launcher.RunWith([], null, "test", "--filter", "X");
        Assert.Contains("could not install:", result.Error);
        Assert.Contains("install -y --no-install-recommends nodejs npm\n", _launcher.Faked("apt-calls"));
    }

    [Fact]
    public void Without_rights_the_command_is_named_and_nothing_installed()
    {
        AsRoot("exit 100");
        _launcher.Tool("id", "#!/usr/bin/env bash\necho 1000");
        LauncherResult result = _launcher.RunWith([], null, "verify", "rtl");
        Assert.Contains($"sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends {Groups}'\n", result.Error);
        Assert.Empty(_launcher.Faked("apt-calls"));
    }

    [Fact]
    public void A_request_for_help_installs_nothing()
    {
        AsRoot("exit 100");
        LauncherResult result = _launcher.RunWith([], null, "verify", "--help");
        Assert.Empty(_launcher.Faked("apt-calls"));
        Assert.Equal(["<verify>", "<--help>"], result.OutputLines);
    }

    [Theory]
    [InlineData("name: a\ntraining: {}\n", "nuget", false)]
    [InlineData("name: a\n", "system", false)]
    [InlineData("name: a\ntraining: {}\n", "system", true)]
    [InlineData("base: b.yaml\n", "system", true)]
    public void Only_an_experiment_that_trains_on_the_systems_torch_asks_for_it(string experiment, string provider, bool asks)
    {
        _launcher.Write("an experiment.yaml", experiment);
        LauncherResult result = _launcher.RunWith(
            new() { ["CODESIGN_NO_INSTALL"] = "1", ["CODESIGN_TORCH_PROVIDER"] = provider, ["CODESIGN_PLOT_PROVIDER"] = "echarts" },
            null, "run", "--json", Path.Combine(_launcher.Root, "an experiment.yaml"));
        Assert.Equal(asks, result.Error.Contains("libtorch-dev", StringComparison.Ordinal));
        Assert.Contains("verilator", result.Error);
    }

    private void AsRoot(string aptGet)
    {
        _launcher.Tool("id", "#!/usr/bin/env bash\necho 0");
        _launcher.Tool("apt-get", $$"""
            #!/usr/bin/env bash
            tools="${BASH_SOURCE[0]%/*}"
            printf '%s\n' "$*" >>"$tools/../fake/apt-calls"
            case "$*" in *update) exit 0;; esac
            {{aptGet}}
            """);
    }
}
