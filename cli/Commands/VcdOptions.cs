// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using AccelModel.Simulation.Vcd;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;

namespace Cli.Commands;

/// <summary><c>--vcd FILE [--vcd-from CYCLE] [--vcd-cycles N]</c>: the register-accurate model's first image as a waveform (docs/waveforms.md).</summary>
public sealed class VcdOptions
{
    private readonly Option<string?> _file = new("--vcd")
    {
        Description = "Also write what the registers do in the first image as a waveform, VCD (docs/waveforms.md). Takes the register engine.",
    };

    private readonly Option<long?> _from = NumberOption.Of("--vcd-from", "With --vcd: the first cycle that is written; 0 if not given.", 0L, int.MaxValue);

    private readonly Option<long?> _cycles = NumberOption.Of("--vcd-cycles", "With --vcd: how many cycles are written; all if not given.", 1L, int.MaxValue);

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> All => [_file, _from, _cycles];

    /// <summary>Adds the options to a command with an engine.</summary>
    public void AddTo(Command command, Option<Engine?> engine)
    {
        foreach (Option option in All)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            foreach (Option option in (Option[])[_from, _cycles])
            {
                if (result.IsGiven(option) && !result.IsGiven(_file))
                {
                    result.AddError($"Option '{option.Name}' cannot be used without '{_file.Name}'.");
                }
            }

            // By its name: the value of an option that has errors cannot be asked for.
            if (result.IsGiven(_file) && result.GetResult(engine) is { Tokens: [var name] } && EnumNames.TryParse(name.Value, out Engine chosen) && chosen != Engine.Register)
            {
                result.AddError($"Option '{_file.Name}' cannot be used with another engine than register.");
            }
        });
    }

    /// <summary>Whether a waveform is wanted.</summary>
    public bool IsChosen(ParseResult parsed) => parsed.GetValue(_file) is not null;

    /// <summary>Creates the file; null where none is wanted.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public VcdFile? Create(ParseResult parsed, AcceleratorSpec accelerator) =>
        parsed.GetValue(_file) is string file ? new(file, accelerator, new(parsed.GetValue(_from) ?? 0, parsed.GetValue(_cycles))) : null;
}

/// <summary>A waveform on its way into a file.</summary>
public sealed class VcdFile : IDisposable
{
    private readonly StreamWriter _writer;

    /// <summary>Creates the file.</summary>
    public VcdFile(string path, AcceleratorSpec accelerator, VcdWindow window)
    {
        _writer = new(path, false, new UTF8Encoding(false));
        Trace = new(_writer, accelerator, window);
    }

    /// <summary>To be given to the model.</summary>
    public VcdTrace Trace { get; }

    /// <summary>Ends the waveform: after an error it has all cycles before it.</summary>
    public void Dispose()
    {
        Trace.End();
        _writer.Dispose();
    }
}
