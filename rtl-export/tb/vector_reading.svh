// SPDX-License-Identifier: Apache-2.0
// Reads vector files and refuses those that do not belong to the design; to be included in a module that has WideBits, the bits of its widest word rounded up to parts of 32.
//
// Every file of vectors/ begins with `// configuration_sha256 H hardware_sha256 H words N checksum C`. check_file recomputes count and checksum and compares both hashes with those that the bench was
// compiled with. Checksum: FNV-1a over the 32-bit parts of each word, lowest first: c = 2166136261, then c = (c xor part) * 16777619 mod 2^32.
//
// Plusargs:  +configuration=H  the configuration that the vectors must be of; not given: the one of the package (equal hardware runs every network's programs)
//            +other_network    accept vectors of any configuration for the same hardware
//
// The first that is wrong is printed as `ERROR vectors: ...` or `ERROR header: ...` and sets `broken`; nothing is looked at after it.

  reg [8*64-1:0]     name;
  reg [255:0]        file_configuration, file_hardware, configuration;
  reg [31:0]         file_words, file_checksum, checksum;
  reg [WideBits-1:0] wide;
  integer            file, fields;
  reg                broken, other_network;

  // Before anything else.
  task begin_reading;
    begin
      broken        = 1'b0;
      other_network = $test$plusargs("other_network") != 0;
      if (!$value$plusargs("configuration=%h", configuration)) configuration = accel_pkg::ConfigurationSha256;
    end
  endtask

  // Opens `name` and reads its head.
  task open_file;
    begin
      file = $fopen(name, "r");
      if (file == 0) begin
        if (!broken) $display("ERROR vectors: cannot open %0s", name);
        broken = 1'b1;
      end else begin
        fields = $fscanf(file, "// configuration_sha256 %h hardware_sha256 %h words %d checksum %h\n", file_configuration, file_hardware, file_words, file_checksum);
        if (fields != 4) begin
          if (!broken) $display("ERROR vectors: %0s has no head", name);
          broken = 1'b1;
        end
      end
    end
  endtask

  // Reads `name` to its end. `parts` is the number of 32-bit parts of a word.
  task check_file(input integer parts);
    integer count, part;
    begin
      if (!broken) open_file;
      if (!broken) begin
        if (file_hardware != accel_pkg::HardwareSha256) begin
          $display("ERROR header: %0s belongs to hardware %h, the design was compiled for %h", name, file_hardware, accel_pkg::HardwareSha256);
          broken = 1'b1;
        end else if (file_configuration != configuration && !other_network) begin
          $display("ERROR header: %0s belongs to configuration %h, expected %h", name, file_configuration, configuration);
          broken = 1'b1;
        end
        checksum = 32'd2166136261;
        count    = 0;
        fields   = $fscanf(file, "%h\n", wide);
        while (fields == 1) begin
          for (part = 0; part < parts; part = part + 1) checksum = (checksum ^ wide[32*part +: 32]) * 32'd16777619;
          count  = count + 1;
          fields = $fscanf(file, "%h\n", wide);
        end
        $fclose(file);
        if (!broken && (count != file_words || checksum != file_checksum)) begin
          $display("ERROR vectors: %0s was edited: %0d words of %0d, checksum %h of %h", name, count, file_words, checksum, file_checksum);
          broken = 1'b1;
        end
      end
    end
  endtask
