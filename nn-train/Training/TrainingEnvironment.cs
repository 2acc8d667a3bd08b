// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using TorchSharp;

namespace NnTrain.Training;

/// <summary>What the last digits of a training depend on beside recipe and data.</summary>
/// <param name="TensorLibrary">Name and version of the assembly behind TorchSharp's API.</param>
/// <param name="Blas">The linear-algebra library that is loaded, with the name of its variant.</param>
/// <param name="Threads">Threads of the tensor library.</param>
public sealed record TrainingEnvironment(string TensorLibrary, string Blas, int Threads)
{
    private static readonly string[] BlasNames = ["mkl", "openblas", "blis", "blas"];

    /// <summary>Sets the number of threads and says what is there.</summary>
    public static TrainingEnvironment Enter(int threads)
    {
        NativeMemory.Keep();
        torch.set_num_threads(threads);
        System.Reflection.AssemblyName library = typeof(torch).Assembly.GetName();
        return new TrainingEnvironment($"{library.Name} {library.Version?.ToString(3)}", LoadedBlas(), threads);
    }

    /// <summary>
    /// The first loaded library with one of the names: <c>folder/file</c>, since distributions name the variant in the folder.
    /// </summary>
    private static string LoadedBlas()
    {
        using Process process = Process.GetCurrentProcess();
        string[] files = [.. process.Modules.Cast<ProcessModule>().Select(module => module.FileName).Order(StringComparer.Ordinal)];
        return BlasNames
            .Select(name => files.FirstOrDefault(file => Path.GetFileName(file).StartsWith("lib" + name, StringComparison.Ordinal)))
            .Where(file => file is not null)
            .Select(file => $"{Path.GetFileName(Path.GetDirectoryName(file))}/{Path.GetFileName(file)}")
            .FirstOrDefault() ?? "built in";
    }
}
