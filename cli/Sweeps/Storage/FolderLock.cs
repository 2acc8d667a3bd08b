// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Cli.CommandLine;

namespace Cli.Sweeps.Storage;

/// <summary>
/// Keeps two processes from writing into one folder. The lock is the operating system's, so it ends with the process, however that ends; a second file says who holds it.
/// </summary>
public sealed class FolderLock : IDisposable
{
    /// <summary>Name of the file that is locked; that of the owner begins with it.</summary>
    public const string FileName = ".lock";

    private readonly FileStream _file;
    private readonly string _owner;

    private FolderLock(FileStream file, string owner) => (_file, _owner) = (file, owner);

    /// <summary>Takes the lock of a folder that is there.</summary>
    /// <exception cref="CommandException">Another process has it; the message says which.</exception>
    public static FolderLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName), owner = path + "-owner";
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(owner, string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}\n"));
            return new(file, owner);
        }
        catch (IOException exception) when (File.Exists(path))
        {
            string who = File.Exists(owner) ? File.ReadAllText(owner).Trim() : "another process";
            throw new CommandException(ExitCode.BadInput, $"{folder}: in use by {who}; wait for it, or choose another --out", exception);
        }
    }

    /// <summary>Gives the lock back and removes its files.</summary>
    public void Dispose()
    {
        File.Delete(_owner);
        File.Delete(_file.Name);
        _file.Dispose();
    }
}
