// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>
/// Finds and loads <c>libtorchsystem.so</c>, which the build compiles from <c>native/torchsystem.cpp</c> and puts
/// beside this assembly, when the first native call is made.
/// </summary>
internal static partial class ShimLibrary
{
    internal const string Name = "torchsystem";

    private const string FileName = "libtorchsystem.so";

    private const string InstallCommand =
        "apt-get install -y --no-install-recommends libtorch-dev libopenblas0-openmp g++ make";

    internal static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path)
    {
        if (library != Name)
        {
            return 0;
        }
        // Threads of OpenMP that spin while they wait take the cores of everybody else. libgomp reads its settings
        // from the C environment when it is loaded, so this is the last moment (and .NET's own SetEnvironmentVariable
        // does not reach the C environment). A value the user has set stays.
        if (OperatingSystem.IsLinux())
        {
            _ = SetEnvironment("OMP_WAIT_POLICY", "passive", overwrite: 0);
        }
        var file = Path.Combine(AppContext.BaseDirectory, FileName);
        if (!File.Exists(file))
        {
            file = Path.Combine(Path.GetDirectoryName(assembly.Location) ?? ".", FileName);
        }
        if (!File.Exists(file))
        {
            throw new DllNotFoundException(
                $"{FileName} was not built, because libtorch was not installed when this program was built. " +
                $"Run `{InstallCommand}` and build again.");
        }
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException($"libtorch cannot be loaded. Run `{InstallCommand}`. ({e.Message})", e);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
