// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Cli.CommandLine;

namespace Cli.Sweeps.Storage;

/// <summary>
/// Keeps two processes from writing into one folder. The lock is the operating system's, on a file that says who holds it: it ends with the process, however that ends.
/// </summary>
public sealed class FolderLock : IDisposable
{
    /// <summary>Name of the file.</summary>
    public const string FileName = ".lock";

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a folder that is there.</summary>
    /// <exception cref="CommandException">Another process has it; the message says which.</exception>
    public static FolderLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}\n")));
            file.Flush();
            return new(file);
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new CommandException(ExitCode.BadInput, $"{folder}: in use by {Owner(path)}; wait for it, or choose another --out", exception);
        }
    }

    /// <summary>Gives the lock back and removes its file.</summary>
    public void Dispose()
    {
        File.Delete(_file.Name);
        _file.Dispose();
    }

    private static string Owner(string path)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return reader.ReadToEnd().Trim() is { Length: > 0 } owner ? owner : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
