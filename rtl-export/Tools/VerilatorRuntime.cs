// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Tools;

/// <summary>
/// The objects of Verilator's own library, which are the same for every design. They take longer to compile than a small design, so that they are kept:
/// make finds them in the object folder and takes them as they are.
/// </summary>
internal static class VerilatorRuntime
{
    /// <summary>How the names of folders with such objects begin.</summary>
    public const string Prefix = "runtime-";

    /// <summary>Puts the objects into an object folder, if they are kept.</summary>
    public static void CopyTo(string objects, string kept, string verilator, bool tracing)
    {
        string home = Home(kept, verilator, tracing);
        if (Directory.Exists(home))
        {
            foreach (string file in Directory.EnumerateFiles(home))
            {
                string copy = Path.Combine(objects, Path.GetFileName(file));
                File.Copy(file, copy);
                File.SetLastWriteTimeUtc(copy, DateTime.UtcNow);
            }
        }
    }

    /// <summary>Keeps the objects of an object folder, if none are kept yet.</summary>
    public static void KeepFrom(string objects, string kept, string verilator, bool tracing)
    {
        string home = Home(kept, verilator, tracing);
        if (Directory.Exists(home))
        {
            return;
        }

        string staging = $"{home}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(staging);
        foreach (string file in Directory.EnumerateFiles(objects, "verilated*.o"))
        {
            File.Copy(file, Path.Combine(staging, Path.GetFileName(file)));
        }

        try
        {
            Directory.Move(staging, home);
        }
        catch (IOException) when (Directory.Exists(home))
        {
            Directory.Delete(staging, recursive: true);
        }
    }

    /// <summary>By the version of Verilator, which the time and length of its program stand for.</summary>
    private static string Home(string kept, string verilator, bool tracing)
    {
        FileInfo program = new(new FileInfo(verilator).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? verilator);
        return Path.Combine(kept, $"{Prefix}{program.Length:x}-{program.LastWriteTimeUtc.Ticks:x}{(tracing ? "-trace" : "")}");
    }
}
