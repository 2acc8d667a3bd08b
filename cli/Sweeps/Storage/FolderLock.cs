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

    private const int WaitMilliseconds = 200;

    private readonly FileStream _file;
    private readonly string _owner;

    private FolderLock(FileStream file, string owner) => (_file, _owner) = (file, owner);

    /// <summary>Takes the lock of a folder that is there.</summary>
    /// <exception cref="FolderInUseException">Another process has it; the message says which.</exception>
    public static FolderLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName), owner = path + "-owner";
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new FolderInUseException(folder, File.Exists(owner) ? File.ReadAllText(owner).Trim() : "another process", exception);
        }

        try
        {
            File.WriteAllText(owner, string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}\n"));
            return new(file, owner);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock of a folder that is there, when whoever has it gives it back: what another process does just now is not done twice.</summary>
    /// <exception cref="OperationCanceledException">It was stopped while it waited.</exception>
    public static FolderLock Wait(string folder, TextWriter log, CancellationToken cancellation)
    {
        for (bool told = false; ; told = true)
        {
            try
            {
                return Take(folder);
            }
            catch (FolderInUseException taken)
            {
                if (!told)
                {
                    log.WriteLine($"{taken.Folder}: in use by {taken.Owner}; waiting for it");
                }

                cancellation.WaitHandle.WaitOne(WaitMilliseconds);
                cancellation.ThrowIfCancellationRequested();
            }
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

/// <summary>Another process works in a folder.</summary>
/// <param name="folder">The folder.</param>
/// <param name="owner">Who it is.</param>
/// <param name="cause">What the operating system said.</param>
public sealed class FolderInUseException(string folder, string owner, Exception cause)
    : CommandException(BadInputCode, $"{folder}: in use by {owner}; wait for it, or choose another --out", cause)
{
    private const int BadInputCode = CommandLine.ExitCode.BadInput;

    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>Who works in it.</summary>
    public string Owner { get; } = owner;
}
